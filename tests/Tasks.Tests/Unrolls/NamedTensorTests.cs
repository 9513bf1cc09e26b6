using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.Unrolls;

public sealed class NamedTensorTests
{
    [Theory]
    [InlineData("lr [] 0.5", new int[0], new[] { 0.5f })]
    [InlineData("lr [2] 1E-05 -12.35", new[] { 2 }, new[] { 1e-5f, -12.3456f })]
    [InlineData("lr [1, 3] 0 1 ..", new[] { 1, 3 }, new[] { 0f, 1f, 2f })]
    public void Its_text_is_name_shape_and_the_first_values(string text, int[] shape, float[] values) =>
        Assert.Equal(text, new NamedTensor<float>("lr", shape, values).ToString());
}
