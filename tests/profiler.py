"""TensorFlow's own count of products, an independent truth for `dlcourse.lens.cost`."""


def profiled_products(model):
    """What TensorFlow's profiler counts for one example: products of convolutions and matrices."""
    import tensorflow as tf

    function = tf.function(lambda x: model(x, training=False))
    concrete = function.get_concrete_function(tf.TensorSpec((1, *model.input_shape[1:]), tf.float32))
    options = tf.compat.v1.profiler.ProfileOptionBuilder(tf.compat.v1.profiler.ProfileOptionBuilder.float_operation())
    settings = options.with_empty_output().order_by("float_ops").build()
    settings["account_type_regexes"] = ["^Conv2D$|DepthwiseConv2dNative|MatMul|Conv2DBackpropInput|Einsum"]
    settings["select"] = ["float_ops"]
    return tf.compat.v1.profiler.profile(concrete.graph, options=settings).total_float_ops / 2
