using Involute.Tasks.Images;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.Images;

public sealed unsafe class ImageMlpBatchTests
{
    // Widths with and without a rest of eight; several blocks of images, and images that are longer than a block.
    [Theory]
    [InlineData(16, 16, 40)]
    [InlineData(3, 5, 130)]
    [InlineData(31, 1, 300)]
    [InlineData(2, 4, 9)]
    [InlineData(91, 91, 3)]
    public void Each_byte_is_seen_as_itself_divided_by_255(
        int height, int width, int examples)
    {
        var data = SyntheticImages.Dataset(examples * 2, height, width, 3);
        using var batch = new ImageMlpBatch(data, new MlpNetwork([height * width, 3]), examples);
        var key = new TrajectoryKey(1, 0, 0).At(0);
        batch.Prepare(key, DataSplit.Train, RandomStream.DataOrder);
        var (images, _) = SyntheticImages.Examples(data, key, examples);
        Assert.Equal(examples, images.Length);
        var rows = batch.Layers[0];
        for (var example = 0; example < examples; example++)
        {
            var row = new Span<float>(rows.Pointer + (example * rows.Stride), height * width);
            Assert.Equal(images[example].Select(intensity => (float)intensity).ToArray(), row);
        }
    }
}
