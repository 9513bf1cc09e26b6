using System.IO.Compression;
using System.Security.Cryptography;
using Involute.Tasks.Images;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.Images;

public sealed class FashionMnistTests
{
    [Fact]
    public void The_four_splits_have_the_sizes_of_the_reference()
    {
        var data = FashionMnist.Embedded8x8();
        Assert.Equal((10, 8, 8), (data.Classes, data.Height, data.Width));
        Assert.Equal(48_000, data[DataSplit.Train].Count);
        Assert.Equal(6_000, data[DataSplit.InnerValid].Count);
        Assert.Equal(6_000, data[DataSplit.OuterValid].Count);
        Assert.Equal(10_000, data[DataSplit.Test].Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => data[(DataSplit)9]);
    }

    [Theory]
    [InlineData("train-images-idx3", "a75847ee002f4dd395883ec8b5d90ee61eec3c3ffcc135ef8e476311168dc5d9")]
    [InlineData("train-labels-idx1", "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9")]
    [InlineData("t10k-images-idx3", "50542ad2fc6d0b84e1588f4525d208e3d9fcdfca623b2ba9217d422227493ca6")]
    [InlineData("t10k-labels-idx1", "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34")]
    public void The_embedded_files_hold_what_the_script_printed(string file, string sha256)
    {
        var name = $"Involute.Tasks.Images.Data.fashion-mnist-8x8-{file}-ubyte.gz";
        using var stream = typeof(FashionMnist).Assembly.GetManifestResourceStream(name);
        Assert.NotNull(stream);
        using var content = new GZipStream(stream, CompressionMode.Decompress);
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    [Fact]
    public void Every_class_is_a_tenth_of_each_file()
    {
        var data = FashionMnist.Embedded8x8();
        var training = new[] { DataSplit.Train, DataSplit.InnerValid, DataSplit.OuterValid }
            .SelectMany(split => data[split].Labels.ToArray())
            .CountBy(label => label)
            .OrderBy(pair => pair.Key);
        Assert.Equal(Enumerable.Repeat(6000, 10), training.Select(pair => pair.Value));
        var test = data[DataSplit.Test].Labels.ToArray().CountBy(label => label);
        Assert.All(test, pair => Assert.Equal(1000, pair.Value));
    }

    [Fact]
    public void Resizing_28_to_8_samples_at_1_25_then_4_75_and_so_on()
    {
        // A ramp of 9 per pixel: the sample at x is 9x.
        var ramp = Enumerable.Range(0, 28 * 28).Select(i => (byte)(9 * (i % 28))).ToArray();
        var row = new BilinearResampling(28, 28, 8, 8);
        var small = new byte[64];
        row.Run(ramp, small);
        double[] positions = [1.25, 4.75, 8.25, 11.75, 15.25, 18.75, 22.25, 25.75];
        var expected = positions.Select(x => (byte)Math.Round(9 * x)).ToArray();
        for (var y = 0; y < 8; y++)
        {
            Assert.Equal(expected, small[(8 * y)..(8 * y + 8)]);
        }
    }

    [Fact]
    public void Enlarging_repeats_the_border_and_keeps_constants()
    {
        var target = new byte[16];
        new BilinearResampling(1, 2, 4, 4).Run([0, 100], target);
        Assert.Equal([0, 25, 75, 100], target[..4]);
        Assert.Equal(target[..4], target[12..]);
        new BilinearResampling(3, 3, 4, 4).Run(Enumerable.Repeat((byte)77, 9).ToArray(), target);
        Assert.All(target, b => Assert.Equal(77, b));
    }

    [Fact]
    public void A_description_that_does_not_fit_its_contents_is_refused()
    {
        var images = SyntheticImages.Images(10, 2, 2, 3);
        var wider = new ImageDataset("wider", 3, 2, 3, () => images, () => images);
        var fewerClasses = new ImageDataset("fewer classes", 2, 2, 2, () => images, () => images);
        Assert.Throws<ArgumentException>(() => wider[DataSplit.Train]);
        Assert.Throws<ArgumentException>(() => fewerClasses[DataSplit.Test]);
        Assert.Throws<ArgumentException>(() => new LabelledImages(new byte[5], new byte[1], 2, 2));
    }
}
