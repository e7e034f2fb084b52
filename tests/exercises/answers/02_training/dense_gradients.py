# %% right: in loops over examples, inputs and units
def dense_gradients(x, weights, bias, upstream):
    by_weights, by_bias, by_x = np.zeros(weights.shape), np.zeros(bias.shape), np.zeros(x.shape)
    for n in range(len(x)):
        for unit in range(len(bias)):
            if x[n] @ weights[:, unit] + bias[unit] <= 0:
                continue
            by_bias[unit] += upstream[n, unit]
            for place in range(x.shape[1]):
                by_weights[place, unit] += x[n, place] * upstream[n, unit]
                by_x[n, place] += weights[place, unit] * upstream[n, unit]
    return by_weights, by_bias, by_x


# %% right: by the tape, in single precision
def dense_gradients(x, weights, bias, upstream):
    inputs = [tf.Variable(tf.cast(each, tf.float32)) for each in (x, weights, bias)]
    with tf.GradientTape() as tape:
        y = tf.nn.relu(inputs[0] @ inputs[1] + inputs[2])
    by_x, by_weights, by_bias = tape.gradient(y, inputs, output_gradients=tf.cast(upstream, tf.float32))
    return by_weights, by_bias, by_x


# %% right: einsum, a mask set to 0 in a copy, a list
def dense_gradients(x, weights, bias, upstream):
    back = upstream.copy()
    back[np.einsum("ni,iu->nu", x, weights) + bias <= 0] = 0
    return [np.einsum("ni,nu->iu", x, back), np.einsum("nu->u", back), np.einsum("nu,iu->ni", back, weights)]


# %% wrong, 0.5 points: forgets relu
# says: Gradient went through closed doors
def dense_gradients(x, weights, bias, upstream):
    return x.T @ upstream, upstream.sum(axis=0), upstream @ weights.T


# %% wrong, 0 points: opens the doors by the gradient's sign
# says: The doors were judged by the gradient's sign
def dense_gradients(x, weights, bias, upstream):
    back = np.maximum(upstream, 0)
    return x.T @ back, back.sum(axis=0), back @ weights.T


# %% wrong, 0 points: forgets the bias when it looks at the doors
# says: The doors were judged without the bias
def dense_gradients(x, weights, bias, upstream):
    back = upstream * (x @ weights > 0)
    return x.T @ back, back.sum(axis=0), back @ weights.T


# %% wrong, 0 points: multiplies by y instead of by its slope
# says: The slope of relu is 1 where it is open
def dense_gradients(x, weights, bias, upstream):
    back = upstream * np.maximum(x @ weights + bias, 0)
    return x.T @ back, back.sum(axis=0), back @ weights.T


# %% wrong, 1.5 points: takes means over the examples
# says: Gradients that meet are added
def dense_gradients(x, weights, bias, upstream):
    back = upstream * (x @ weights + bias > 0)
    return x.T @ back / len(x), back.mean(axis=0), back @ weights.T


# %% wrong, 2.5 points: the bias' gradient for each example
# says: Every example has used the bias
def dense_gradients(x, weights, bias, upstream):
    back = upstream * (x @ weights + bias > 0)
    return x.T @ back, back, back @ weights.T


# %% wrong, 2.5 points: adds up the bias' gradient over the units
# says: You added up over the units
def dense_gradients(x, weights, bias, upstream):
    back = upstream * (x @ weights + bias > 0)
    return x.T @ back, back.sum(axis=1), back @ weights.T


# %% wrong, 0 points: the weights are not turned
# says: Your code stopped with ValueError
def dense_gradients(x, weights, bias, upstream):
    back = upstream * (x @ weights + bias > 0)
    return x.T @ back, back.sum(axis=0), back @ weights


# %% wrong, 2 points: the gradient of the weights lies on its side
# says: The gradient by the weights is turned
def dense_gradients(x, weights, bias, upstream):
    back = upstream * (x @ weights + bias > 0)
    return back.T @ x, back.sum(axis=0), back @ weights.T
