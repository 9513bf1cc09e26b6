using Involute.Tasks;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Oracle;

/// <summary>The perceptron as a torch user would write it; parameters w0 [in, out], b0, w1, …</summary>
internal static class TorchPerceptron
{
    /// <summary>Leaves of an autograd graph that hold the flat parameters.</summary>
    public static Tensor[] Leaves(IReadOnlyList<TensorSlice> layout, float[] parameters, ScalarType type) =>
    [
        .. layout.Select(slice => tensor(parameters[slice.Offset..(slice.Offset + slice.Length)])
            .reshape([.. slice.Shape.Select(size => (long)size)])
            .to_type(type)
            .requires_grad_(true)),
    ];

    /// <summary>Mean cross-entropy of the batch.</summary>
    public static Tensor Loss(Tensor[] parameters, Tensor images, Tensor labels)
    {
        var values = images;
        for (var i = 0; i < parameters.Length; i += 2)
        {
            values = (i == 0 ? values : nn.functional.relu(values)).mm(parameters[i]) + parameters[i + 1];
        }

        return nn.functional.cross_entropy(values, labels);
    }
}
