using System.Globalization;

namespace Involute.Gpu.Driver;

/// <summary>How devices are named: <c>cpu</c>, or <c>cuda:N</c> with the driver's number of the card.</summary>
internal static class DeviceName
{
    public const string Cpu = "cpu";
    public const string CudaPrefix = "cuda:";
    public const string Allowed = "cpu, or cuda:N with the number of a card, as in cuda:0";

    /// <summary>The driver's number of the device that a name says; false if it is no device's name.</summary>
    public static bool TryRead(string name, out int ordinal)
    {
        ordinal = 0;
        return name == Cpu || (name.StartsWith(CudaPrefix, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(CudaPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out ordinal));
    }
}
