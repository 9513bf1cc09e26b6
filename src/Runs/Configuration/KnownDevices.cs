using Involute.Tasks.Unrolls;

namespace Involute.Runs.Configuration;

/// <summary>
/// The devices beside the processor that this program can compute on. This assembly knows none: who uses Involute.Gpu sets them.
/// </summary>
public static class KnownDevices
{
    /// <summary>The devices; null where the program knows none.</summary>
    public static IProblemDevices? Current { get; private set; }

    /// <summary>Sets them, before the first run is begun.</summary>
    /// <param name="devices">The devices.</param>
    public static void Use(IProblemDevices devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        Current = devices;
    }
}
