# %% right: counts the epochs that brought nothing
def stopped_at(losses, patience):
    best, kept, waited, epoch = losses[0], 1, 0, 1
    while epoch < len(losses) and waited < patience:
        epoch += 1
        if losses[epoch - 1] < best:
            best, kept, waited = losses[epoch - 1], epoch, 0
        else:
            waited += 1
    return [epoch, kept]


# %% right: cut off, then the smallest number of what is left
def stopped_at(losses, patience):
    losses = np.array(losses, dtype=np.float64)
    for last in range(1, len(losses) + 1):
        kept = int(np.argmin(losses[:last])) + 1
        if last - kept >= patience:
            break
    return np.array([last, kept])


# %% right: a class that watches
class Watcher:
    def __init__(self, patience):
        self.patience, self.best, self.kept, self.epoch = patience, float("inf"), 0, 0

    def has_enough(self, loss):
        self.epoch += 1
        if loss < self.best:
            self.best, self.kept = loss, self.epoch
        return self.epoch - self.kept >= self.patience


def stopped_at(losses, patience):
    watcher = Watcher(patience)
    any(watcher.has_enough(loss) for loss in losses)
    return watcher.epoch, watcher.kept


# %% wrong, 0 points: counts from 0
# says: do you count epochs from 0
def stopped_at(losses, patience):
    best, kept = np.inf, 0
    for epoch, loss in enumerate(losses):
        if loss < best:
            best, kept = loss, epoch
        elif epoch - kept == patience:
            return epoch, kept
    return len(losses) - 1, kept


# %% wrong, 0.5 points: more than patience instead of patience
# says: stop as soon as there are three
def stopped_at(losses, patience):
    best, kept = np.inf, 1
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, kept = loss, epoch
        elif epoch - kept > patience:
            return epoch, kept
    return len(losses), kept


# %% wrong, 0.5 points: compares with the epoch before
# says: Compare each with the smallest loss so far
def stopped_at(losses, patience):
    waited = 0
    for epoch in range(1, len(losses)):
        waited = waited + 1 if losses[epoch] >= losses[epoch - 1] else 0
        if waited == patience:
            return epoch + 1, int(np.argmin(losses[: epoch + 1])) + 1
    return len(losses), int(np.argmin(losses)) + 1


# %% wrong, 0 points: an equal loss counts as an improvement
# says: An equal loss is no improvement
def stopped_at(losses, patience):
    best, kept = np.inf, 1
    for epoch, loss in enumerate(losses, start=1):
        if loss <= best:
            best, kept = loss, epoch
        elif epoch - kept == patience:
            return epoch, kept
    return len(losses), kept


# %% wrong, 1.5 points: keeps the best of all, also of epochs that were never run
# says: Epoch 7 was never run
def stopped_at(losses, patience):
    best, last = np.inf, 1
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, last = loss, epoch
        elif epoch - last == patience:
            return epoch, int(np.argmin(losses)) + 1
    return len(losses), int(np.argmin(losses)) + 1


# %% wrong, 1 point: keeps the last epoch
# says: keep the one with the smallest loss
def stopped_at(losses, patience):
    best, kept = np.inf, 1
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, kept = loss, epoch
        elif epoch - kept == patience:
            return epoch, epoch
    return len(losses), len(losses)


# %% wrong, 0 points: an improvement does not start the waiting anew
# says: An improvement starts the waiting anew
def stopped_at(losses, patience):
    best, kept, waited = np.inf, 1, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, kept = loss, epoch
        else:
            waited += 1
            if waited == patience:
                return epoch, kept
    return len(losses), kept


# %% wrong, 1.5 points: says nothing where patience never runs out
# says: it needs a `return` for every way
def stopped_at(losses, patience):
    best, kept = np.inf, 1
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, kept = loss, epoch
        elif epoch - kept == patience:
            return epoch, kept
