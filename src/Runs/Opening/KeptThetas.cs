using System.Globalization;
using Involute.Estimators.Plans;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Tasks.Unrolls;

namespace Involute.Runs.Opening;

/// <summary>
/// Thetas of outer steps that a run keeps beside its checkpoints: <c>thetas/STEP.f32</c> in its folder, the numbers as
/// little-endian float32 in layout order.
/// </summary>
/// <remarks>
/// Nothing depends on them, and they need no trust: the SHA-256 of such a file is the one that the ledger has for the
/// step's theta. They are not flushed to the disk, which would cost more than they are worth: one that a power cut has
/// spoilt is refused.
/// </remarks>
internal sealed class KeptThetas
{
    /// <summary>How many a run keeps at most, where it chooses the steps itself.</summary>
    public const int Most = 256;

    /// <summary>How many bytes they have at most, where the run chooses the steps itself.</summary>
    public const long MostBytes = 64L << 20;

    private const string Extension = ".f32";

    private readonly string _folder;

    /// <summary>Those of a run.</summary>
    public KeptThetas(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        _folder = folder.Thetas;
    }

    /// <summary>
    /// The number of outer steps of which every multiple is kept. Where the run chooses it is 1, 2 or 5 times a power of
    /// ten: the steps that a user asks for (100, 500, 1000) are there.
    /// </summary>
    /// <param name="configuration">The run's settings.</param>
    /// <param name="thetaLength">Length of theta.</param>
    public static long Every(RunConfiguration configuration, int thetaLength)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.KeepThetaEvery is { } every)
        {
            return every;
        }

        var number = Math.Clamp(MostBytes / ((long)thetaLength * sizeof(float)), 1, Most);
        var least = (configuration.OuterSteps + number - 1) / number;
        long power = 1;
        while (power * 10 <= least)
        {
            power *= 10;
        }

        ReadOnlySpan<long> round = [power, 2 * power, 5 * power, 10 * power];
        return round[round.IndexOfAnyInRange(least, long.MaxValue)];
    }

    /// <summary>Keeps one.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(Theta<float> theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        var bytes = new byte[theta.Values.Length * sizeof(float)];
        FlatBytes.Write(theta.Values, bytes);
        try
        {
            Directory.CreateDirectory(_folder);
            var path = PathOf(theta.Version.Value);
            var unfinished = $"{path}.tmp";
            File.WriteAllBytes(unfinished, bytes);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>The outer steps of those that are there, ascending.</summary>
    public IReadOnlyList<long> Steps() => !Directory.Exists(_folder) ? [] :
    [
        .. Directory.EnumerateFiles(_folder, $"*{Extension}")
            .Select(file => long.TryParse(
                Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var step)
                ? step
                : 0)
            .Where(step => step > 0)
            .Order(),
    ];

    /// <summary>Reads one.</summary>
    /// <param name="step">Its outer step.</param>
    /// <param name="length">Length of theta.</param>
    /// <param name="sha256">The hash that the ledger has for it; empty if the ledger has none.</param>
    /// <exception cref="InvalidDataException">It is not the theta that the ledger tells of.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public Theta<float> Read(long step, int length, string sha256)
    {
        var path = PathOf(step);
        var values = new float[length];
        using (var file = File.OpenRead(path))
        {
            var bytes = new byte[length * sizeof(float)];
            if (file.Length != bytes.Length)
            {
                throw new InvalidDataException(
                    $"{path}: {file.Length} bytes, and theta has {bytes.Length}: it was damaged or replaced");
            }

            file.ReadExactly(bytes);
            FlatBytes.Read(bytes, values);
        }

        var theta = new Theta<float>(new ThetaVersion(step), values);
        return theta.HashText() == sha256
            ? theta
            : throw new InvalidDataException(
                $"{path}: not the theta that the ledger has for outer step {step}: it was damaged or replaced");
    }

    private string PathOf(long step) =>
        Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{step}{Extension}"));
}
