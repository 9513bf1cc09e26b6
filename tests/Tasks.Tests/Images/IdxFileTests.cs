using System.IO.Compression;
using Involute.Tasks.Images;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.Images;

public sealed class IdxFileTests
{
    // Three images of 2x3, labels 0 to 2.
    private static readonly byte[] Images = Idx([3, 2, 3], [.. Enumerable.Range(1, 18).Select(i => (byte)i)]);
    private static readonly byte[] Labels = Idx([3], [2, 0, 1]);

    private const string Magic = "expected 0x00000803 (IDX of unsigned bytes)";
    private const string Eighteen = "expected 18 elements, for sizes 3 x 2 x 3 (count, height, width)";
    private const string NotEmpty = "expected sizes of at least 1";
    private const string BadGzip = "images.idx: * expected a whole gzip file";

    public static TheoryData<string, byte[], byte[], string> BadFiles() => new()
    {
        { "magic of another type", Changed(Images, 2, 0x0D), Labels, "images.idx: wrong magic number 0x00000d03; " + Magic },
        { "no IDX at all", "<html>404</html>"u8.ToArray(), Labels, "images.idx: wrong magic number 0x3c68746d; " + Magic },
        { "empty file", [], Labels, "images.idx: wrong magic number 0x00000000; " + Magic },
        { "labels in place of images", Labels, Labels, "images.idx: 1 dimensions; expected 3 (count, height, width)" },
        { "images in place of labels", Images, Images, "labels.idx: 3 dimensions; expected 1 (count)" },
        { "header cut", Images[..9], Labels, "images.idx: truncated after 9 bytes; expected a header of 16" },
        { "elements cut", Images[..^1], Labels, "images.idx: truncated after 17 elements; " + Eighteen },
        { "trailing byte", [.. Images, 0], Labels, "images.idx: 1 trailing bytes; " + Eighteen },
        { "claims more than memory", Changed(Images, 4, 0x7F), Labels, "images.idx: truncated after 18 elements; expected 12784238610 elements, for sizes 2130706435 x 2 x 3 (count, height, width)" },
        { "no images", Idx([0, 2, 3], []), Idx([0], []), "images.idx: empty, sizes 0 x 2 x 3 (count, height, width); " + NotEmpty },
        { "no pixels", Idx([3, 0, 3], []), Labels, "images.idx: empty, sizes 3 x 0 x 3 (count, height, width); " + NotEmpty },
        { "fewer labels", Images, Idx([2], [0, 1]), "labels.idx: 2 labels; expected one for each of the 3 images of images.idx" },
        { "label out of range", Images, Idx([3], [2, 3, 1]), "labels.idx: label 3 at index 1; expected 0 to 2" },
        { "gzip cut", Gzip(Images)[..^9], Labels, BadGzip },
        { "gzip without its trailer's end", Gzip(Images)[..^2], Labels, BadGzip },
        { "gzip header only", [0x1f, 0x8b, 8], Labels, "images.idx: truncated gzip data, or trailing bytes behind it; expected a whole gzip file" },
        { "bytes behind the gzip data", [.. Gzip(Images), 1, 2, 3, 4], Labels, BadGzip },
        { "gzip that expands to a truncated file", Gzip(Images[..^4]), Labels, "images.idx: truncated after 14 elements; " + Eighteen },
        { "gzip with a flipped byte", Changed(Gzip(Images), 14, 0xFF), Labels, BadGzip },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void A_bad_file_is_named_in_one_line_with_what_was_expected(
        string what, byte[] images, byte[] labels, string message)
    {
        var error = Assert.Throws<DataFormatException>(
            () => IdxFile.Read("images.idx", images, "labels.idx", labels, 3));
        var parts = message.Split('*');
        Assert.True(
            error.Message.StartsWith(parts[0], StringComparison.Ordinal)
                && error.Message.EndsWith(parts[^1], StringComparison.Ordinal)
                && (parts.Length > 1 || error.Message == message),
            $"{what}: {error.Message}");
        Assert.DoesNotContain('\n', error.Message);
        Assert.StartsWith(error.File, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Good_files_are_read_plain_and_gzipped(bool gzipped)
    {
        var read = gzipped
            ? IdxFile.Read("i", Gzip(Images), "l", Gzip(Labels), 3)
            : IdxFile.Read("i", Images, "l", Labels, 3);
        Assert.Equal((3, 2, 3), (read.Count, read.Height, read.Width));
        Assert.Equal(Enumerable.Range(1, 18).Select(i => (byte)i), read.Pixels.ToArray());
        Assert.Equal([2, 0, 1], read.Labels.ToArray());
        Assert.Equal([7, 8, 9, 10, 11, 12], read.Slice(1, 1).Pixels.ToArray());
    }

    [Fact]
    public void A_folder_is_read_by_the_usual_names_and_resized_on_request()
    {
        var folder = Directory.CreateTempSubdirectory("involute-idx-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "train-images-idx3-ubyte.gz"), Gzip(Images));
            File.WriteAllBytes(Path.Combine(folder, "train-labels-idx1-ubyte"), Labels);
            File.WriteAllBytes(Path.Combine(folder, "t10k-images-idx3-ubyte"), Images);
            var missing = Assert.Throws<DataFormatException>(() => IdxFolder.Load(folder, 3));
            Assert.Equal(
                $"{Path.Combine(folder, "t10k-labels-idx1-ubyte")}: no such file; expected a folder with "
                    + "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, "
                    + "t10k-labels-idx1-ubyte, each plain or with .gz",
                missing.Message);
            File.WriteAllBytes(Path.Combine(folder, "t10k-labels-idx1-ubyte.gz"), Gzip(Labels));

            var data = IdxFolder.Load(folder, 3);
            Assert.Equal((3, 2, 3), (data.Classes, data.Height, data.Width));
            Assert.Equal(3, data[DataSplit.Test].Count);
            var small = IdxFolder.Load(folder, 3, (1, 1));
            Assert.Equal([4, 10, 16], small[DataSplit.Test].Pixels.ToArray());

            File.WriteAllBytes(Path.Combine(folder, "t10k-images-idx3-ubyte"), Idx([3, 3, 2], new byte[18]));
            var mixed = Assert.Throws<DataFormatException>(() => IdxFolder.Load(folder, 3));
            Assert.EndsWith(
                "images of 3x2; expected 2x3 as in the training file", mixed.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_missing_folder_or_file_is_named()
    {
        var folder = Path.Combine(Path.GetTempPath(), "involute-there-is-no-such-folder");
        var error = Assert.Throws<DataFormatException>(() => IdxFolder.Load(folder));
        Assert.Contains("no such folder", error.Message, StringComparison.Ordinal);
        Assert.Contains(folder, error.Message, StringComparison.Ordinal);
        var file = Assert.Throws<DataFormatException>(() => IdxFile.Read(folder, folder, 10));
        Assert.DoesNotContain('\n', file.Message);
        Assert.StartsWith($"{folder}: cannot be read", file.Message, StringComparison.Ordinal);
    }

    private static byte[] Idx(int[] sizes, byte[] elements) =>
        [0, 0, 8, (byte)sizes.Length, .. sizes.SelectMany(s => BitConverter.GetBytes(s).Reverse()), .. elements];

    private static byte[] Changed(byte[] bytes, int index, byte value)
    {
        var copy = bytes.ToArray();
        copy[index] = value;
        return copy;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return target.ToArray();
    }
}
