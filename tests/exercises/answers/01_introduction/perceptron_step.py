# %% right: in loops, with lists
def perceptron_step(weights, bias, x, answer, rate):
    total = bias
    for weight, number in zip(weights, x):
        total += weight * number
    said = 1 if total >= 0 else 0
    move = rate * (answer - said)
    return said, [weight + move * number for weight, number in zip(weights, x)], bias + move


# %% right: with a helper of its own, truth values, and nothing done where it is right
def says_yes(weights, bias, x):
    return np.dot(weights, x) + bias >= 0


def perceptron_step(weights, bias, x, answer, rate):
    yes = says_yes(weights, bias, x)
    if yes == bool(answer):
        return yes, weights.copy(), bias
    towards = 1 if answer else -1
    return yes, weights + towards * rate * x, bias + towards * rate


# %% right: the bias as one weight more, in place on a copy
def perceptron_step(weights, bias, x, answer, rate):
    together = np.append(weights, bias).astype("float32")
    inputs = np.append(x, 1).astype("float32")
    said = np.heaviside(together @ inputs, 1)
    together += rate * (answer - said) * inputs
    return said, together[:-1], together[-1]


# %% wrong, 2.5 points: changes the caller's weights
# says: changed the caller's array in place
def perceptron_step(weights, bias, x, answer, rate):
    said = int(x @ weights + bias >= 0)
    weights += rate * (answer - said) * x
    bias += rate * (answer - said)
    return said, weights, bias


# %% wrong, 1.5 points: the error's sign is turned round
# says: move away from the right answer
def perceptron_step(weights, bias, x, answer, rate):
    said = int(x @ weights + bias >= 0)
    error = said - answer
    return said, weights + rate * error * x, bias + rate * error


# %% wrong, 2 points: the bias does not learn
# says: The bias did not learn
def perceptron_step(weights, bias, x, answer, rate):
    said = int(x @ weights + bias >= 0)
    return said, weights + rate * (answer - said) * x, bias


# %% wrong, 1.5 points: forgets the bias in the sum
# says: Did you add the bias?
def perceptron_step(weights, bias, x, answer, rate):
    said = int(x @ weights >= 0)
    return said, weights + rate * (answer - said) * x, bias + rate * (answer - said)


# %% wrong, 2 points: a sum of exactly 0 says 0
# says: Then it says 1, too: 0 *or more*
def perceptron_step(weights, bias, x, answer, rate):
    said = int(x @ weights + bias > 0)
    return said, weights + rate * (answer - said) * x, bias + rate * (answer - said)


# %% wrong, 2 points: forgets the rate
# says: The rate is missing: it says how far a step goes
def perceptron_step(weights, bias, x, answer, rate):
    said = int(x @ weights + bias >= 0)
    return said, weights + (answer - said) * x, bias + (answer - said)


# %% wrong, 1.5 points: makes the error of the sum
# says: The error is made of what the neuron says, 0 or 1
def perceptron_step(weights, bias, x, answer, rate):
    total = x @ weights + bias
    error = answer - total
    return int(total >= 0), weights + rate * error * x, bias + rate * error


# %% wrong, 2 points: says what it would say after learning
# says: You asked the neuron after it had learned
def perceptron_step(weights, bias, x, answer, rate):
    error = answer - int(x @ weights + bias >= 0)
    weights, bias = weights + rate * error * x, bias + rate * error
    return int(x @ weights + bias >= 0), weights, bias


# %% wrong, 2 points: moves all weights by the same
# says: Each weight moves by its own input as well
def perceptron_step(weights, bias, x, answer, rate):
    said = int(x @ weights + bias >= 0)
    return said, weights + rate * (answer - said), bias + rate * (answer - said)


# %% wrong, 0 points: returns only what it learned
# says: Return three things
def perceptron_step(weights, bias, x, answer, rate):
    said = int(x @ weights + bias >= 0)
    return weights + rate * (answer - said) * x, bias + rate * (answer - said)


# %% wrong, 0 points: returns the three things in another order
# says: Mind the order: first what the neuron says
def perceptron_step(weights, bias, x, answer, rate):
    said = int(x @ weights + bias >= 0)
    return weights + rate * (answer - said) * x, bias + rate * (answer - said), said
