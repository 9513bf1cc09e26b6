using Involute.Tasks.Components;
using Involute.Tasks.Images;
using Involute.Tasks.Unrolls;
using Involute.Torch.Tasks;

namespace Involute.Torch.Text;

/// <summary>Options of language models.</summary>
public abstract record LanguageOptions : TorchTaskOptions
{
    /// <summary>A text file; empty for the text that comes with the program.</summary>
    [Option(
        "A text, of which each byte is a token; also .gz. Empty: Psalms and Proverbs of 1611, which come with the "
        + "program. A relative path starts at the current folder.",
        IsPath = true)]
    public string DataFile { get; init; } = "";

    /// <summary>Bytes that a sequence predicts.</summary>
    [Option("Bytes that a sequence predicts.", Unit = "bytes", Least = 1, Most = 4096)]
    public int SequenceLength { get; init; } = 32;

    /// <summary>Sequences of an inner step.</summary>
    [Option(
        "Sequences of an inner step; at most those of the smallest part.", Unit = "sequences", Least = 1,
        Most = 60_000)]
    public int BatchSize { get; init; } = 32;

    /// <summary>Features of an embedding.</summary>
    [Option("Features of a byte's embedding.", Least = 1, Most = 4096)]
    public int Width { get; init; } = 32;

    /// <inheritdoc/>
    public override IEnumerable<string> DataFiles() => DataFile.Length > 0 ? [DataFile] : [];

    /// <summary>The text.</summary>
    /// <exception cref="DataFormatException">The file is missing or wrong, or a part of it is smaller than a
    /// batch.</exception>
    protected ByteText Text()
    {
        var text = DataFile.Length == 0 ? ByteText.Embedded() : ByteText.Read(DataFile);
        var smallest = Enum.GetValues<DataSplit>().Min(split => text.Sequences(split, SequenceLength));
        if (smallest == 0)
        {
            throw new DataFormatException(
                text.Name,
                $"its smallest part has no sequence of {SequenceLength} bytes and one that comes before",
                "a longer text, or a smaller sequence-length");
        }

        return BatchSize <= smallest
            ? text
            : throw new DataFormatException(
                text.Name,
                $"its smallest part has {smallest} sequences of {SequenceLength} bytes, and involute.task.batch-size is "
                    + $"{BatchSize}",
                $"a batch size from 1 to {smallest}");
    }
}
