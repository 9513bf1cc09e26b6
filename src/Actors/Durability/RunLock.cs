namespace Involute.Actors.Durability;

/// <summary>
/// At most one learner writes a run folder: an exclusive lock of the operating system on <c>lock</c>, which ends with
/// the process, however that ends.
/// </summary>
/// <remarks>
/// The holder's line stands in <c>lock.holder</c>: the locked file itself cannot be opened by others.
/// </remarks>
public sealed class RunLock : IDisposable
{
    private const string FileName = "lock";
    private const string HolderFileName = "lock.holder";

    // A look by IsHeld holds the lock for an instant; a learner stays.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <param name="runFolder">An existing folder.</param>
    /// <param name="time">For the line about the holder only.</param>
    /// <exception cref="RunHeldException">Another learner has it.</exception>
    /// <exception cref="IOException">The folder is not there or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static RunLock Acquire(string runFolder, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        FileStream? file = null;
        bool Take() => (file = TryOpen(runFolder, FileMode.OpenOrCreate, FileAccess.ReadWrite)) is not null;
        if (!SpinWait.SpinUntil(Take, Patience))
        {
            throw new RunHeldException(runFolder, Holder(runFolder));
        }

        var held = new RunLock(file!);
        try
        {
            WriteHolder(runFolder, time);
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Whether a learner holds the run now.</summary>
    public static bool IsHeld(string runFolder)
    {
        if (!File.Exists(Path.Combine(runFolder, FileName)))
        {
            return false;
        }

        using var file = TryOpen(runFolder, FileMode.Open, FileAccess.Read);
        return file is null;
    }

    /// <summary>Who holds the run, or held it last.</summary>
    public static string Holder(string runFolder)
    {
        var path = Path.Combine(runFolder, HolderFileName);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "unknown";
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static void WriteHolder(string runFolder, TimeProvider time) =>
        File.WriteAllText(Path.Combine(runFolder, HolderFileName), $"{RunHolder.Current(time)}\n");

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
