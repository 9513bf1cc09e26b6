using Involute.Tasks.Images;
using Involute.Tasks.Unrolls;
using Involute.Torch.Images;
using Involute.Torch.Tests.Support;
using Involute.Torch.Tests.Tasks.Naive;
using Xunit;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Tasks;

/// <summary>Which images the batches of torch tasks have, against the files that come with the program.</summary>
public sealed class ImageBatchTests
{
    public static MatrixTheoryData<string, DataSplit> Batches() =>
        new(["conv", "resnet", "mlp-mixer", "vit", "autoencoder", "vae"], Enum.GetValues<DataSplit>());

    [Theory]
    [MemberData(nameof(Batches))]
    public void An_index_is_the_place_of_an_image_in_its_split(string name, DataSplit split)
    {
        TorchRequired.OrSkip();
        using var scope = NewDisposeScope();
        var last = RawImages.Count(split) - 1;
        int[][] indices = [[0, 1, last, 17, last - 1], [last, 2, 2, 0, 1_234]];
        var task = TorchTasks.Of(name);
        var normals = zeros(indices.Length, task.Draws.Normals);
        var batch = task.Gather(tensor(indices.SelectMany(row => row).ToArray()).view(2, 5), normals, split);
        var pixels = batch[0].to_type(ScalarType.Float64).reshape(-1).data<double>().ToArray();
        var expected = indices.SelectMany(row => row).Select(i => RawImages.At(split, i)).ToList();
        Assert.Equal(expected.SelectMany(example => example.Image.Select(value => (double)(float)value)), pixels);
        if (task is TorchClassifier)
        {
            Assert.Equal(expected.Select(example => (long)example.Label), batch[1].reshape(-1).data<long>().ToArray());
        }
    }

    [Fact]
    public void Splits_have_the_examples_of_their_part_of_the_files()
    {
        foreach (var split in Enum.GetValues<DataSplit>())
        {
            Assert.Equal(RawImages.Count(split), FashionMnist.Embedded8x8()[split].Count);
            Assert.Equal(RawImages.Count(split) / 5, TorchTasks.Of("resnet").BatchesPerEpoch(split));
            Assert.Equal(RawImages.Count(split) / 5, TorchTasks.Of("vae").BatchesPerEpoch(split));
        }
    }
}
