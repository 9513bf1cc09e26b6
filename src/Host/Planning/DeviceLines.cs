using Involute.Gpu;
using Involute.Tasks.Unrolls;

namespace Involute.Host.Planning;

/// <summary>What <c>list devices</c> says: what each device of this machine is and computes, or why there is none.</summary>
internal static class DeviceLines
{
    private const int NameWidth = 8;

    /// <summary>The lines.</summary>
    public static IEnumerable<string> Of(GpuDevices devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        yield return "devices (involute.gpu.device; of a worker: --device)";
        yield return Line("none", "the processor alone, which is the default");
        foreach (var (name, absence) in devices.Names())
        {
            yield return Line(name, absence is null ? devices.Describe(name) : $"none: {absence}");
            if (absence is null)
            {
                yield return Line("", Kernels(devices, name));
            }
        }

        yield return "";
        yield return $"A device computes {DeviceProblems.Computes}.";
    }

    private static string Kernels(GpuDevices devices, string name)
    {
        try
        {
            return devices.DescribeKernels(name);
        }
        catch (ProblemDeviceException failed)
        {
            return $"it does not compute: {failed.Message}";
        }
    }

    private static string Line(string name, string text) => $"  {name.PadRight(NameWidth)} {text}";
}
