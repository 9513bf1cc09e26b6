using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
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
        for (var example = 0; example < examples; example++)
        {
            Assert.Equal(images[example].Select(intensity => (float)intensity), Row(batch, example));
        }
    }

    // Where steps follow one another the next batch is asked for early; a task may then want another all the same.
    [Fact]
    public void Batches_are_those_of_their_keys_in_any_order()
    {
        const int Examples = 7;
        var data = SyntheticImages.Dataset(4000, 3, 3, 3);
        using var batch = new ImageMlpBatch(data, new MlpNetwork([9, 3]), Examples);
        var (one, other) = (new TrajectoryKey(1, 0, 0), new TrajectoryKey(1, 1, 0));
        var keys = new[] { 0, 1, 2, 3, 3, 5, 4, 5, 6, 456, 457, 458, 459 }.Select(step => one.At(step)).ToList();
        keys.AddRange([other.At(460), other.At(461), other.At(462), one.At(463)]);
        foreach (var key in keys)
        {
            Check(key, DataSplit.Train, RandomStream.DataOrder);
        }

        foreach (var key in keys)
        {
            Check(key, DataSplit.Train, RandomStream.MetaDataOrder);
            Check(key, DataSplit.OuterValid, RandomStream.MetaDataOrder);
        }

        Check(one.At(0), DataSplit.Train, RandomStream.DataOrder);
        Check(one.At(1), DataSplit.Train, RandomStream.DataOrder);
        Check(one.At(2), DataSplit.OuterValid, RandomStream.DataOrder);
        Check(one.At(2), DataSplit.Train, RandomStream.MetaDataOrder);

        void Check(StepKey key, DataSplit split, RandomStream order)
        {
            batch.Prepare(key, split, order);
            var images = data[split];
            var indices = new int[Examples];
            new BatchOrder().Fill(key, split, order, images.Count, indices);
            for (var example = 0; example < Examples; example++)
            {
                var pixels = images.Pixels.Slice(indices[example] * 9, 9).ToArray();
                Assert.Equal(pixels.Select(pixel => pixel / 255f), Row(batch, example));
            }
        }
    }

    private static List<float> Row(ImageMlpBatch batch, int example)
    {
        var row = new List<float>();
        foreach (var block in batch.Inputs(0))
        {
            Assert.Equal(row.Count, block.First);
            row.AddRange(new Span<float>(block.Pointer + (example * block.Stride), block.Count));
        }

        return row;
    }
}
