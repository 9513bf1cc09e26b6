namespace Involute.Runs.Claims;

/// <summary>
/// At most one learner writes a run folder: an exclusive lock of the operating system on <c>lock</c>, which ends with
/// the process, however that ends.
/// </summary>
/// <remarks>
/// The claimant's line stands in <c>lock.holder</c>: the locked file itself cannot be opened by others.
/// </remarks>
public sealed class FolderClaim : IDisposable
{
    private const string FileName = "lock";
    private const string ClaimantFileName = "lock.holder";

    // A look by IsClaimed holds the lock for an instant; a learner stays. Together a quarter of a second.
    private const int Attempts = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private const int LongestClaimant = 200;

    private readonly FileStream _file;

    private FolderClaim(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <param name="runFolder">An existing folder.</param>
    /// <param name="time">For the pauses between attempts, and for the line about the claimant.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="RunClaimedException">Another learner has claimed the folder.</exception>
    /// <exception cref="IOException">The folder is not there or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static async Task<FolderClaim> ClaimAsync(
        string runFolder, TimeProvider time, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(time);
        for (var attempt = 1; ; attempt++)
        {
            if (TryOpen(runFolder, FileMode.OpenOrCreate, FileAccess.ReadWrite) is { } file)
            {
                return Claimed(runFolder, file, time);
            }

            if (attempt > Attempts)
            {
                throw new RunClaimedException(runFolder, Claimant(runFolder));
            }

            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a learner has claimed the folder now.</summary>
    public static bool IsClaimed(string runFolder)
    {
        if (!File.Exists(Path.Combine(runFolder, FileName)))
        {
            return false;
        }

        using var file = TryOpen(runFolder, FileMode.Open, FileAccess.Read);
        return file is null;
    }

    /// <summary>The learner that has claimed the folder, or claimed it last.</summary>
    public static string Claimant(string runFolder)
    {
        var path = Path.Combine(runFolder, ClaimantFileName);
        if (!File.Exists(path))
        {
            return "unknown";
        }

        // A file that was changed by hand may have any text: it stands in one line.
        using var reader = new StreamReader(path);
        var text = new char[LongestClaimant];
        return ForeignText.Shown(new string(text, 0, reader.ReadBlock(text)).Split('\n')[0]);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static FolderClaim Claimed(string runFolder, FileStream file, TimeProvider time)
    {
        var claim = new FolderClaim(file);
        try
        {
            File.WriteAllText(Path.Combine(runFolder, ClaimantFileName), $"{Claims.Claimant.Current(time)}\n");
            return claim;
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    // Readers share the lock among themselves, so that two looks do not take each other for a learner.
    private static FileStream? TryOpen(string runFolder, FileMode mode, FileAccess access)
    {
        try
        {
            var share = access == FileAccess.Read ? FileShare.Read : FileShare.None;
            return new FileStream(Path.Combine(runFolder, FileName), mode, access, share);
        }
        catch (IOException held) when (IsSharingViolation(held))
        {
            return null;
        }
    }

    // ERROR_SHARING_VIOLATION on Windows; elsewhere .NET reports a refused flock as EWOULDBLOCK.
    private static bool IsSharingViolation(IOException cause) =>
        cause.GetType() == typeof(IOException)
        && (OperatingSystem.IsWindows() ? (cause.HResult & 0xFFFF) == 32 : cause.HResult is 11 or 35);
}
