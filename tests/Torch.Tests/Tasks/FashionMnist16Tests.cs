using System.IO.Compression;
using System.Security.Cryptography;
using Involute.Tasks.Images;
using Involute.Tasks.Unrolls;
using Involute.Torch.Images;
using Involute.Torch.Tests.Support;
using Xunit;

namespace Involute.Torch.Tests.Tasks;

public sealed class FashionMnist16Tests
{
    [Theory]
    [InlineData("train-images-idx3", "8370a90c55b5530cccd853b3bcb152061d3f9a7a75b9e80b76eee46c96d97e9e")]
    [InlineData("train-labels-idx1", "d3ceaa7f344b00d0a41770262dfcc5d3093a9f5ea49aadeabb5631e7d67e4323")]
    [InlineData("t10k-images-idx3", "1b6284890912449a64bafc2aa259fad011f43c85c3fca63a87e47df31f60dda7")]
    [InlineData("t10k-labels-idx1", "aa3f574d30afaf0d4d9da084a6f8541771e20693d6a97fae6e9a4953fca8f078")]
    public void The_embedded_files_hold_what_the_script_printed(string file, string sha256)
    {
        using var stream = typeof(FashionMnist16).Assembly.GetManifestResourceStream(
            $"Involute.Torch.Images.Data.fashion-mnist-16x16-{file}-ubyte.gz");
        Assert.NotNull(stream);
        using var content = new GZipStream(stream, CompressionMode.Decompress);
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    /// <summary>They are the first ones of the larger set: same labels in the same order.</summary>
    [Fact]
    public void The_splits_divide_the_first_images_of_the_larger_set()
    {
        var data = FashionMnist16.Embedded();
        Assert.Equal(("fashion-mnist-16", 10, 16, 16), (data.Name, data.Classes, data.Height, data.Width));
        Assert.Equal(
            [9_600, 1_200, 1_200, 2_000],
            new[] { DataSplit.Train, DataSplit.InnerValid, DataSplit.OuterValid, DataSplit.Test }
                .Select(split => data[split].Count));
        var all = FashionMnist.Embedded8x8();
        Assert.Equal(all[DataSplit.Train].Labels[..9_600], data[DataSplit.Train].Labels);
        Assert.Equal(all[DataSplit.Train].Labels[9_600..10_800], data[DataSplit.InnerValid].Labels);
        Assert.Equal(all[DataSplit.Test].Labels[..2_000], data[DataSplit.Test].Labels);
    }

    [Fact]
    public void Image_tasks_take_them_by_their_size()
    {
        TorchRequired.OrSkip();
        Assert.Empty(new ConvOptions { ImageSize = 16 }.Check());
        var task = (Conv)new ConvOptions { ImageSize = 16, Channels = [3], BatchSize = 4 }.Create();
        Assert.Equal(2_400, task.BatchesPerEpoch(DataSplit.Train));
        var problem = Assert.Single(new VitOptions { ImageSize = 12, Patch = 4 }.Check());
        Assert.Equal("8 and 16, or a folder of IDX files in task.data-folder", problem.Allowed);
        Assert.Throws<DataFormatException>(() => new ConvOptions { ImageSize = 16, BatchSize = 1_201 }.Create());
    }
}
