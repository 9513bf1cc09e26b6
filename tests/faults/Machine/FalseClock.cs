namespace Involute.Faults.Machine;

/// <summary>
/// The wall clock of a process, moved while it runs (libfaketime). The system's monotonic clock stays, as it does when an
/// administrator or NTP sets the time.
/// </summary>
internal sealed class FalseClock
{
    private readonly string _file;

    /// <summary>A clock that is right at first.</summary>
    /// <param name="file">A file that says by how much it is wrong.</param>
    public FalseClock(string file)
    {
        _file = file;
        Set("+0");
        Environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = Library()!,
            ["FAKETIME_TIMESTAMP_FILE"] = file,
            ["FAKETIME_NO_CACHE"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        };
    }

    /// <summary>What a process needs to have this clock.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Why there can be none here; null if there can.</summary>
    public static string? Lack() => Library() is null ? "libfaketime is not installed (apt-get install faketime)" : null;

    /// <summary>Moves it, to so much from the right time: <c>+2d</c>, <c>-3h</c>.</summary>
    public void Set(string offset)
    {
        var next = _file + ".next";
        File.WriteAllText(next, offset + "\n");
        File.Move(next, _file, overwrite: true);
    }

    private static string? Library() => Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu")
        .Append("/usr/lib64").Append("/usr/lib")
        .Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1"))
        .FirstOrDefault(File.Exists);
}
