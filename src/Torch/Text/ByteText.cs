using Involute.Tasks.Images;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using static TorchSharp.torch;

namespace Involute.Torch.Text;

/// <summary>A text as tokens: one for each byte that occurs in it, in order of the bytes' values.</summary>
/// <remarks>
/// The text divides in order: the first 80 % train, the next 10 % validate the inner problem, 5 % the meta-loss, and
/// the last 5 % test. Sequences of a length do not overlap but for one token; what is left at the end of a part is not
/// used.
/// </remarks>
public sealed class ByteText
{
    private readonly byte[] _tokens;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Tensor> _resident = [];

    private ByteText(string name, byte[] text)
    {
        Name = name;
        Bytes = [.. text.Distinct().Order()];
        var tokenOf = new byte[256];
        for (var token = 0; token < Bytes.Count; token++)
        {
            tokenOf[Bytes[token]] = (byte)token;
        }

        _tokens = Array.ConvertAll(text, value => tokenOf[value]);
    }

    /// <summary>Path of the file, or name of the text that comes with the program.</summary>
    public string Name { get; }

    /// <summary>What byte each token is.</summary>
    public IReadOnlyList<byte> Bytes { get; }

    /// <summary>Number of tokens.</summary>
    public int Length => _tokens.Length;

    /// <summary>The text that comes with the program: Psalms and Proverbs, 1611.</summary>
    public static ByteText Embedded()
    {
        const string Resource = "Involute.Torch.Text.Data.psalms-and-proverbs.txt.gz";
        using var packed = typeof(ByteText).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"the assembly lacks {Resource}");
        return new ByteText("psalms-and-proverbs", WholeGzip.Unpack(packed));
    }

    /// <summary>A file, which may be compressed (<c>.gz</c>).</summary>
    /// <exception cref="DataFormatException">It is missing, not readable or has fewer than two different
    /// bytes.</exception>
    public static ByteText Read(string path)
    {
        byte[] text;
        try
        {
            using var file = File.OpenRead(path);
            text = Path.GetExtension(path) == ".gz" ? WholeGzip.Unpack(file) : File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new DataFormatException(
                path, $"cannot be read ({e.Message})", "a text file, or one compressed by gzip");
        }

        return text.Distinct().Take(2).Count() == 2
            ? new ByteText(path, text)
            : throw new DataFormatException(path, "it has fewer than two different bytes", "a text");
    }

    /// <summary>Number of sequences in a part.</summary>
    /// <param name="split">The part.</param>
    /// <param name="length">Tokens that a sequence predicts.</param>
    public int Sequences(DataSplit split, int length)
    {
        var (first, end) = Part(split);
        return Math.Max(0, (end - first - 1) / length);
    }

    /// <summary>Picks sequences.</summary>
    /// <param name="indices">int32 [pairs, sequences]; the tokens are on its device.</param>
    /// <param name="split">The part.</param>
    /// <param name="length">Tokens that a sequence predicts.</param>
    /// <returns>int64 [pairs, sequences, length + 1]</returns>
    internal Tensor Pick(Tensor indices, DataSplit split, int length)
    {
        var places = tensor(Enumerable.Range(Part(split).First, length + 1).Select(place => (long)place).ToArray())
            .to(indices.device);
        var starts = indices.to_type(ScalarType.Int64).mul(tensor((long)length)).unsqueeze(2);
        return Resident(indices.device).index_select(0, starts.Plus(places).reshape(-1))
            .view(indices.shape[0], indices.shape[1], length + 1);
    }

    private (int First, int End) Part(DataSplit split)
    {
        int At(int percent) => (int)(Length * (long)percent / 100);
        return split switch
        {
            DataSplit.Train => (0, At(80)),
            DataSplit.InnerValid => (At(80), At(90)),
            DataSplit.OuterValid => (At(90), At(95)),
            DataSplit.Test => (At(95), Length),
            _ => throw new ArgumentOutOfRangeException(nameof(split), split, "no such part"),
        };
    }

    private Tensor Resident(Device device)
    {
        lock (_gate)
        {
            if (!_resident.TryGetValue(device.ToString(), out var tokens))
            {
                using var scope = NewDisposeScope();
                tokens = tensor(_tokens, ScalarType.Byte).to_type(ScalarType.Int64).to(device).DetachFromDisposeScope();
                _resident.Add(device.ToString(), tokens);
            }

            return tokens;
        }
    }
}
