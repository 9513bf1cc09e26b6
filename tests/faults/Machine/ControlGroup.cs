using System.Globalization;

namespace Involute.Faults.Machine;

/// <summary>
/// A control group of the system, with the limits of a container. Needs root, and control groups of version 1.
/// </summary>
internal sealed class ControlGroup : IDisposable
{
    private const string Root = "/sys/fs/cgroup";

    private readonly string _folder;

    private ControlGroup(string controller)
    {
        var number = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        _folder = Path.Combine(Root, controller, $"involute-faults-{number}");
        Directory.CreateDirectory(_folder);
    }

    /// <summary>Why there can be none here; null if there can.</summary>
    public static string? Lack(string controller)
    {
        var root = Path.Combine(Root, controller);
        if (!Directory.Exists(root))
        {
            return $"no control groups of version 1 ({root} is not there)";
        }

        try
        {
            new ControlGroup(controller).Dispose();
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return $"no control groups: {refused.Message}";
        }
    }

    /// <summary>What its processes allocate from now on, in bytes; the system kills one when there is no more.</summary>
    public static ControlGroup OfMemory(long bytes) => new ControlGroup("memory").With("memory.limit_in_bytes", bytes);

    /// <summary>Which share of one processor its processes get, in percent.</summary>
    public static ControlGroup OfProcessor(int percent) =>
        new ControlGroup("cpu").With("cpu.cfs_period_us", 100_000).With("cpu.cfs_quota_us", percent * 1000);

    /// <summary>Its processes stand still until <see cref="Thaw"/>.</summary>
    public static ControlGroup Freezing() => new ControlGroup("freezer").With("freezer.state", "FROZEN");

    /// <summary>Ends the standstill.</summary>
    public void Thaw() => With("freezer.state", "THAWED");

    /// <summary>Adds a process with all its threads.</summary>
    public void Add(int processId) => With("cgroup.procs", processId);

    /// <summary>Gives its processes back, and removes it.</summary>
    public void Dispose()
    {
        foreach (var process in File.ReadAllLines(Path.Combine(_folder, "cgroup.procs")))
        {
            File.WriteAllText(Path.Combine(_folder, "..", "cgroup.procs"), process);
        }

        Directory.Delete(_folder);
    }

    private ControlGroup With(string file, long value) => With(file, value.ToString(CultureInfo.InvariantCulture));

    private ControlGroup With(string file, string value)
    {
        File.WriteAllText(Path.Combine(_folder, file), value);
        return this;
    }
}
