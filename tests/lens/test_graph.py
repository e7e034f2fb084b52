import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.lens.graph import graph_of, inside


def names(model, shapes=None):
    return [step.name for step in graph_of(model, shapes).steps]


def test_branches_come_in_an_order_that_can_run():
    inputs = keras.Input((6, 8, 2))
    left, right = layers.Conv2D(3, 1, name="left")(inputs), layers.ReLU(name="right")(inputs)
    model = keras.Model(inputs, layers.Concatenate(name="both")([left, right]))
    graph = graph_of(model)
    ready = {id(tensor) for tensor in graph.inputs}
    for step in graph.steps:
        assert {id(tensor) for tensor in step.inputs} <= ready
        ready |= {id(tensor) for tensor in step.outputs}
    assert {step.name for step in graph.steps} == {"left", "right", "both"}
    assert graph.steps[-1].outputs[0] is graph.outputs[0]
    assert graph.outputs[0].shape == (None, 6, 8, 5)


def test_nested_models_of_either_kind_are_opened_each_time_they_are_used():
    tail_in = keras.Input((None, 4))
    tail = keras.Model(tail_in, layers.Dense(4, name="dense")(tail_in), name="tail")
    body = keras.Sequential([keras.Input((None, 4)), layers.Conv1D(4, 3, name="conv"), tail], name="body")
    inputs = keras.Input((20, 4))
    model = keras.Model(inputs, body(body(inputs)))
    assert names(model) == ["body/conv", "body/tail/dense", "body/conv#2", "body/tail/dense#2"]
    steps = graph_of(model).steps
    assert [step.outputs[0].shape[1] for step in steps] == [18, 18, 16, 16]
    assert steps[0].operation is steps[2].operation


def test_open_shapes_are_worked_out_for_the_shape_given():
    model = keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(4, 3, 2), layers.GlobalMaxPooling2D()])
    shapes = [step.outputs[0].shape for step in graph_of(model, [(None, 21, 32, 3)]).steps]
    assert shapes == [(None, 10, 15, 4), (None, 4)]


def test_functions_of_keras_ops_are_steps_with_their_arguments():
    inputs = keras.Input((5, 3))
    model = keras.Model(inputs, keras.ops.matmul(inputs * 2.0, np.ones((3, 7), "float32")))
    multiply, matmul = graph_of(model).steps
    assert (multiply.kind, multiply.arguments[0][1]) == ("Multiply", 2.0)
    assert (matmul.kind, matmul.arguments[0][1].shape) == ("Matmul", (3, 7))


def test_several_inputs_and_outputs_are_kept_apart():
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    model = keras.Model({"a": a, "b": b}, [layers.subtract([b, a]), layers.add([a, b])])
    graph = graph_of(model)
    subtract = next(step for step in graph.steps if step.kind == "Subtract")
    assert [tensor is given for tensor, given in zip(subtract.inputs, graph.inputs[::-1], strict=True)] == [True, True]
    assert len(graph.outputs) == 2


def test_a_graph_leaves_no_trace_in_the_model():
    layer = layers.Dense(3)
    model = keras.Sequential([keras.Input((4,)), layer])
    before = len(layer._inbound_nodes)
    graph_of(model, [(7, 4)])
    assert len(layer._inbound_nodes) == before
    assert model(np.zeros((2, 4))).shape == (2, 3)


class Block(layers.Layer):
    def __init__(self, **settings):
        super().__init__(**settings)
        self.dense = layers.Dense(6, name="dense")

    def build(self, shape):
        self.dense.build(shape)

    def call(self, x):
        return keras.ops.relu(self.dense(x))


def test_a_layer_of_ones_own_can_be_looked_into():
    (step,) = graph_of(keras.Sequential([keras.Input((4,)), Block(name="block")])).steps
    graph = inside(step)
    assert [step.kind for step in graph.steps] == ["Dense", "Relu"]
    assert graph.steps[0].name == "block/dense"
    assert graph.outputs[0].shape == (1, 6)


def test_a_layer_of_ones_own_may_ask_for_the_number_of_examples():
    class Token(layers.Layer):
        def build(self, shape):
            self.token = self.add_weight(shape=(1, 1, shape[-1]))

        def call(self, x):
            first = keras.ops.broadcast_to(self.token, (keras.ops.shape(x)[0], 1, x.shape[-1]))
            return keras.ops.concatenate([first, x], axis=1)

    (step,) = graph_of(keras.Sequential([keras.Input((4, 3)), Token()])).steps
    assert [(step.kind, step.outputs[0].shape) for step in inside(step).steps] == [("Concatenate", (1, 5, 3))]


def test_a_layer_that_needs_true_arrays_cannot():
    class Foreign(layers.Layer):
        def call(self, x):
            return keras.ops.convert_to_tensor(np.asarray(x))

        def compute_output_shape(self, shape):
            return shape

    (step,) = graph_of(keras.Sequential([keras.Input((4,)), Foreign()])).steps
    assert inside(step) is None


def test_a_layer_of_keras_is_no_box_to_open():
    (step,) = graph_of(keras.Sequential([keras.Input((4,)), layers.Dense(2)])).steps
    assert inside(step) is None


def test_a_model_that_is_a_class_of_its_own_is_refused():
    class Own(keras.Model):
        def call(self, x):
            return x

    own = Own(name="own")
    own(np.zeros((1, 3)))
    with pytest.raises(CourseError, match=r"The inside of the model 'own' cannot be seen.*keras.Model\(x, model.call"):
        graph_of(own)


def test_a_shape_that_does_not_pass_is_refused():
    model = keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(4, 5)])
    with pytest.raises(CourseError, match=r"cannot take the shape \(3, 9, 3\): Computed output size would be zero"):
        graph_of(model, [(None, 3, 9, 3)])
