using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Tasks.Tests.Randomness;

public sealed class FanInWeightsTests
{
    // Tensors that begin at odd places, and rests that fill no vector.
    [Fact]
    public void A_weight_is_made_of_the_number_of_its_place_wherever_its_tensor_begins()
    {
        for (var rows = 1; rows < 8; rows++)
        {
            for (var columns = 1; columns < 12; columns++)
            {
                TensorSlice[] tensors =
                [
                    new("first", 0, [1, rows]), new("bias", rows, [columns]), new("second", rows + columns, [rows, columns]),
                ];
                var stream = new CounterStream(rows, 3, 4_000_000_000, columns, RandomStream.ParameterInitialisation);
                var values = new float[rows + columns + (rows * columns) + 1];
                Array.Fill(values, 7);
                FanInWeights.Fill(stream, tensors, values);
                for (var i = 0; i < values.Length - 1; i++)
                {
                    var inputs = i < rows ? 1 : rows;
                    Assert.Equal(
                        i >= rows && i < rows + columns
                            ? 0
                            : (float)(1 / Math.Sqrt(inputs) * TruncatedNormal.Quantile(stream.Uniform((uint)i))),
                        values[i]);
                }

                Assert.Equal(7, values[^1]);
            }
        }
    }
}
