using System.IO.Compression;
using System.Text;
using Involute.Tasks.Images;
using Involute.Tasks.Unrolls;
using Involute.Tests;
using Involute.Torch.Tests.Support;
using Involute.Torch.Tests.Tasks.Naive;
using Involute.Torch.Text;
using Xunit;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Tasks;

public sealed class ByteTextTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    public void A_compressed_file_has_the_tokens_of_a_plain_one(int length)
    {
        TorchRequired.OrSkip();

        // 1,003 bytes, of any value, so that no part ends at a round place.
        byte[] bytes = [.. Enumerable.Range(0, 1_003).Select(i => (byte)(i * i % 251 + (i % 3)))];
        var plain = ByteText.Read(Write("text", bytes));
        var packed = ByteText.Read(Write("text.gz", Packed(bytes)));
        var raw = new RawText(bytes);
        Assert.Equal(raw.Alphabet, plain.Bytes);
        Assert.Equal(raw.Alphabet, packed.Bytes);
        Assert.Equal((1_003, 1_003), (plain.Length, packed.Length));
        foreach (var split in Enum.GetValues<DataSplit>())
        {
            var expected = raw.Sequences(split, length);
            foreach (var text in new[] { plain, packed })
            {
                Assert.Equal(expected.Count, text.Sequences(split, length));
                Assert.Equal(
                    expected.SelectMany(sequence => sequence.Select(value => (long)raw.Token(value))),
                    All(text, split, length));
            }
        }
    }

    [Fact]
    public void Compressed_files_that_are_appended_to_each_other_are_one_text()
    {
        var text = ByteText.Read(Write("text.gz", [.. Packed("ab"u8.ToArray()), .. Packed("cd"u8.ToArray())]));
        Assert.Equal("abcd"u8.ToArray(), text.Bytes);
        Assert.Equal(4, text.Length);
    }

    [Fact]
    public void The_text_that_comes_with_the_program_is_psalms_and_proverbs()
    {
        var raw = RawText.Embedded();
        var text = ByteText.Embedded();
        Assert.Equal(raw.Alphabet, text.Bytes);
        Assert.Equal(
            Enum.GetValues<DataSplit>().Sum(split => raw.Part(split).Length), text.Length);
        Assert.StartsWith(
            "Blessed is the man that walketh not in the counsel of the ungodly",
            Encoding.ASCII.GetString(raw.Part(DataSplit.Train)), StringComparison.Ordinal);
        Assert.EndsWith(
            "and let her own works praise her in the gates.\n",
            Encoding.ASCII.GetString(raw.Part(DataSplit.Test)), StringComparison.Ordinal);
        Assert.Equal(3_376, Enum.GetValues<DataSplit>().Sum(split => raw.Part(split).Count(value => value == '\n')));
    }

    [Fact]
    public void A_file_that_is_no_text_is_named_in_one_line()
    {
        Refused(_folder.File("missing"), "cannot be read");
        Refused(_folder.File("missing/text"), "cannot be read");
        Refused(_folder.Path, "cannot be read");
        Refused(Write("plain.gz", "In the beginning"u8.ToArray()), "cannot be read");
        byte[] packed = Packed([.. Enumerable.Range(0, 1_003).Select(i => (byte)(i * i % 251))]);
        for (var length = 1; length < packed.Length; length++)
        {
            Refused(Write("part.gz", packed[..length]), "cannot be read");
        }

        Refused(Write("longer.gz", [.. packed, 1, 2, 3]), "cannot be read");
        packed[packed.Length / 2] ^= 0xFF;
        Refused(Write("damaged.gz", packed), "cannot be read");
        Refused(Write("empty", []), "fewer than two different bytes");
        Refused(Write("empty.gz", Packed([])), "fewer than two different bytes");
        Refused(Write("one", new byte[10_000]), "fewer than two different bytes");
        Refused(Write("one.gz", Packed(new byte[10_000])), "fewer than two different bytes");

        static void Refused(string path, string problem)
        {
            var refusal = Assert.Throws<DataFormatException>(() => ByteText.Read(path));
            OneLine(refusal, path);
            Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
        }
    }

    public static TheoryData<LanguageOptions> Models() =>
        [new GruLmOptions(), new LstmLmOptions(), new TransformerLmOptions()];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_text_that_is_too_short_is_named_in_one_line(LanguageOptions model)
    {
        // The last parts have 5 % each: of 1,000 bytes 50, which are 12 sequences of 4 and one byte.
        byte[] bytes = [.. Enumerable.Range(0, 1_000).Select(i => (byte)(i % 7))];
        var path = Write("text", bytes);
        var some = model with { DataFile = path, SequenceLength = 4, BatchSize = 13, Width = 4 };
        var refusal = Assert.Throws<DataFormatException>(() => some.Create());
        OneLine(refusal, path);
        Assert.Contains("12 sequences of 4 bytes", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("a batch size from 1 to 12", refusal.Message, StringComparison.Ordinal);

        some = some with { BatchSize = 1, SequenceLength = 50 };
        refusal = Assert.Throws<DataFormatException>(() => some.Create());
        OneLine(refusal, path);
        Assert.Contains("no sequence of 50 bytes", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("a longer text, or a smaller sequence-length", refusal.Message, StringComparison.Ordinal);

        TorchRequired.OrSkip();
        Assert.NotNull((some with { SequenceLength = 49 }).Create());
        Assert.NotNull((some with { SequenceLength = 4, BatchSize = 12 }).Create());
    }

    private static void OneLine(DataFormatException refusal, string path)
    {
        Assert.StartsWith($"{path}: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Equal(path, refusal.File);
    }

    // All sequences of a part, one after the other.
    private static long[] All(ByteText text, DataSplit split, int length)
    {
        using var scope = NewDisposeScope();
        int[] indices = [.. Enumerable.Range(0, text.Sequences(split, length))];
        return text.Pick(tensor(indices).unsqueeze(0), split, length).reshape(-1).data<long>().ToArray();
    }

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(_folder.File(name), bytes);
        return _folder.File(name);
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var packer = new GZipStream(memory, CompressionLevel.Optimal, leaveOpen: true))
        {
            packer.Write(bytes);
        }

        return memory.ToArray();
    }
}
