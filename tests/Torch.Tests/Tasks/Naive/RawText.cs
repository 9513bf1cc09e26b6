using System.IO.Compression;
using Involute.Tasks.Unrolls;
using Involute.Torch.Text;

namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>A text as sequences of tokens: 80 % train, then 10 %, 5 % and 5 %.</summary>
/// <param name="bytes">The text.</param>
internal sealed class RawText(byte[] bytes)
{
    private readonly byte[] _alphabet = [.. new SortedSet<byte>(bytes)];

    /// <summary>The text that comes with the program, read from its resource.</summary>
    public static RawText Embedded()
    {
        using var packed = typeof(ByteText).Assembly.GetManifestResourceStream(
            "Involute.Torch.Text.Data.psalms-and-proverbs.txt.gz")!;
        using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        using var memory = new MemoryStream();
        unpacked.CopyTo(memory);
        return new RawText(memory.ToArray());
    }

    public IReadOnlyList<byte> Alphabet => _alphabet;

    /// <summary>A part of the text.</summary>
    public byte[] Part(DataSplit split)
    {
        int At(int twentieths) => (int)Math.Floor(bytes.Length * (decimal)twentieths / 20);
        return split switch
        {
            DataSplit.Train => bytes[..At(16)],
            DataSplit.InnerValid => bytes[At(16)..At(18)],
            DataSplit.OuterValid => bytes[At(18)..At(19)],
            _ => bytes[At(19)..],
        };
    }

    /// <summary>
    /// All sequences of a part: each begins with the last byte of the one before; a rest is left over.
    /// </summary>
    public List<byte[]> Sequences(DataSplit split, int length)
    {
        var part = Part(split);
        var sequences = new List<byte[]>();
        for (var start = 0; start + length + 1 <= part.Length; start += length)
        {
            sequences.Add(part[start..(start + length + 1)]);
        }

        return sequences;
    }

    /// <summary>A byte's place among those that occur.</summary>
    public int Token(byte value) => Array.IndexOf(_alphabet, value);
}
