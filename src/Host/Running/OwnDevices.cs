using Involute.Gpu;

namespace Involute.Host.Running;

/// <summary>The devices of this process; nothing of a driver is loaded before one is asked for.</summary>
internal static class OwnDevices
{
    /// <summary>All of them.</summary>
    public static GpuDevices All { get; } = new();
}
