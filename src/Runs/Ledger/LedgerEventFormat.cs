using System.Security.Cryptography;
using System.Text;

namespace Involute.Runs.Ledger;

/// <summary>
/// The bytes of ledger events: the fields in order, little-endian, then the first 8 bytes of their SHA-256.
/// </summary>
/// <remarks>
/// The manifest is the event's name and schema version. Texts are int32 length and UTF-8, hashes 32 bytes.
/// </remarks>
internal static class LedgerEventFormat
{
    private const int CheckBytes = 8;
    private const string Step = "step-1";
    private const string Epoch = "epoch-1";
    private const string Setting = "setting-1";
    private const string Commit = "checkpoint-1";

    public static string ManifestOf(object ledgerEvent) => ledgerEvent switch
    {
        StepRecorded => Step,
        EpochStarted => Epoch,
        SettingChanged => Setting,
        CheckpointCommitted => Commit,
        _ => throw new ArgumentException($"{ledgerEvent.GetType().Name} is no ledger event", nameof(ledgerEvent)),
    };

    public static byte[] Write(object ledgerEvent)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        switch (ledgerEvent)
        {
            case StepRecorded step:
                writer.Write(step.Step);
                writer.Write(step.Epoch);
                WriteHash(writer, step.ThetaSha256);
                WriteHash(writer, step.ContributionsSha256);
                WriteHash(writer, step.ChainSha256);
                writer.Write(step.MeanLoss);
                writer.Write(step.Pairs);
                break;
            case EpochStarted epoch:
                writer.Write(epoch.Epoch);
                WriteText(writer, epoch.RunId.Value);
                WriteText(writer, epoch.IdentitySha256);
                break;
            case SettingChanged setting:
                writer.Write(setting.Epoch);
                WriteText(writer, setting.Key);
                WriteText(writer, setting.From);
                WriteText(writer, setting.To);
                break;
            case CheckpointCommitted commit:
                writer.Write(commit.Step);
                writer.Write(commit.Epoch);
                WriteHash(writer, commit.BlobSha256);
                break;
            default:
                throw new ArgumentException($"{ledgerEvent.GetType().Name} is no ledger event", nameof(ledgerEvent));
        }

        writer.Write(SHA256.HashData(stream.ToArray()).AsSpan(..CheckBytes));
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">Damaged, or of a newer schema.</exception>
    public static ILedgerEvent Read(ReadOnlySpan<byte> bytes, string manifest)
    {
        if (bytes.Length < CheckBytes
            || !SHA256.HashData(bytes[..^CheckBytes]).AsSpan(..CheckBytes).SequenceEqual(bytes[^CheckBytes..]))
        {
            throw new InvalidDataException($"ledger event '{manifest}' is damaged (hash does not match)");
        }

        var reader = new ByteReader(bytes[..^CheckBytes], $"ledger event '{manifest}'");
        ILedgerEvent ledgerEvent = manifest switch
        {
            Step => new StepRecorded(
                reader.Int64(),
                reader.Int64(),
                reader.Hash(),
                reader.Hash(),
                reader.Hash(),
                reader.Double(),
                reader.Int32()),
            Epoch => new EpochStarted(reader.Int64(), new RunId(reader.Text()), reader.Text()),
            Setting => new SettingChanged(reader.Int64(), reader.Text(), reader.Text(), reader.Text()),
            Commit => new CheckpointCommitted(reader.Int64(), reader.Int64(), reader.Hash()),
            _ => throw new InvalidDataException(
                $"ledger event '{manifest}': this version reads {Step}, {Epoch}, {Setting}, {Commit}"),
        };
        reader.RequireEnd();
        return ledgerEvent;
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static void WriteHash(BinaryWriter writer, string hash)
    {
        var bytes = Convert.FromHexString(hash);
        if (bytes.Length != SHA256.HashSizeInBytes)
        {
            throw new ArgumentException($"'{hash}' is no SHA-256", nameof(hash));
        }

        writer.Write(bytes);
    }
}
