"""What every lens says of networks with fixed weights, on the backend of KERAS_BACKEND; run by test_backends.py."""

import sys

import keras
import numpy as np

from dlcourse import lens, nets


def fixed(model: keras.Model, seed: int) -> keras.Model:
    """The model with weights that do not depend on the backend's random numbers."""
    rng = np.random.default_rng(seed)
    for weight in model.weights:
        values = rng.normal(size=weight.shape) / np.sqrt(np.prod(weight.shape[:-1]) or 1)
        weight.assign(np.abs(values) + 0.5 if "variance" in weight.path or "gamma" in weight.path else values)
    return model


def main() -> None:
    """Write the numbers to the file that is named."""
    rng = np.random.default_rng(0)
    x = rng.random((4, 16, 12, 3)).astype("float32")
    y = np.array([0, 2, 1, 4])
    net = fixed(nets.resnet(8, (16, 12, 3), classes=5), 1)
    hidden = [keras.layers.Dense(8, "sigmoid") for _ in range(4)]
    deep = fixed(keras.Sequential([keras.Input((6,)), *hidden, keras.layers.Dense(3, "softmax")]), 2)
    text = rng.integers(0, 20, (3, 10))
    loss = "sparse_categorical_crossentropy"
    flow = lens.gradient_flow(deep, rng.normal(size=(32, 6)), np.arange(32) % 3, loss)
    numbers = {
        "answers": net(x),
        "lstm": fixed(nets.recurrent((10,), 20, vocabulary=20, units=(16,)), 3)(text),
        "transformer": fixed(nets.transformer((10,), 20, vocabulary=20, width=16, causal=True), 4)(text),
        "unet": fixed(nets.unet((16, 16, 3), filters=4, depth=2), 5)(x[:, :, :8].repeat(2, axis=2)),
        "flow": [[row.mean, row.spread, row.back_spread * 100] for row in flow],
        "saliency": lens.saliency(net, x, 2),
        "integrated": lens.integrated_gradients(net, x, 2, steps=8),
        "grad_cam": lens.grad_cam(net, x, y, "conv2_block1_out") * 100,
        "occlusion": lens.occlusion(net, x[:1], size=4, stride=4),
        "adversarial": lens.adversarial(net, x, y, epsilon=0.1).changed,
        "surface": lens.loss_surface(
            deep, np.eye(6)[:3], np.arange(3), "sparse_categorical_crossentropy", steps=3
        ).losses,
        "effective": lens.effective_receptive_field(net, "conv2_block1_out", x),
    }
    np.savez(sys.argv[1], **{name: keras.ops.convert_to_numpy(values) for name, values in numbers.items()})


if __name__ == "__main__":
    main()
