using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Tasks.Tests.Optimizers;

public sealed unsafe class OptimizerNetworkTests
{
    // A processor without registers of sixteen floats computes with two of eight in their place, slowly.
    [Theory]
    [InlineData(8, 32, 2)]
    [InlineData(28, 4, 2)]
    [InlineData(28, 7, 3)]
    [InlineData(8, 1, 1)]
    [InlineData(8, 5, 0)]
    public void The_width_of_registers_changes_no_bit(int features, int hiddenSize, int hiddenLayers)
    {
        var network = new OptimizerNetwork(features, hiddenSize, hiddenLayers);
        var length = network.Tensors.Sum(tensor => tensor.Shape.Aggregate(1, (a, b) => a * b));
        using var weights = Normals(length, 1);
        using var biases = Normals(network.Widest, 2);
        using var inputs = Normals(features * ElementBlock.Stride, 3);
        using var narrow = new AlignedBuffer(2 * network.Widest * OptimizerNetwork.Strip);
        using var wide = new AlignedBuffer(narrow.Length);
        var first = FirstLayer.Plain(weights.Pointer, biases.Pointer);
        foreach (var columns in new[] { 1, 24, 25, OptimizerNetwork.Strip })
        {
            var expected = network.Forward<Floats8, Vector256<float>>(
                weights.Pointer, first, inputs.Pointer, ElementBlock.Stride, narrow.Pointer, columns);
            var actual = network.Forward<Floats16, Vector512<float>>(
                weights.Pointer, first, inputs.Pointer, ElementBlock.Stride, wide.Pointer, columns);
            Assert.Equal(expected - narrow.Pointer, actual - wide.Pointer);
            for (var output = 0; output < OptimizerNetwork.Outputs; output++)
            {
                var row = output * OptimizerNetwork.Strip;
                Assert.Equal(new Span<float>(expected + row, columns), new Span<float>(actual + row, columns));
            }
        }
    }

    private static AlignedBuffer Normals(int length, int step)
    {
        var buffer = new AlignedBuffer(length);
        new TrajectoryKey(5, step, 0).Stream(RandomStream.InnerNoise).FillNormal(buffer.Span);
        return buffer;
    }
}
