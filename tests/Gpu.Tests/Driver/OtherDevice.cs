using System.Runtime.InteropServices;
using System.Text;
using Involute.Gpu.Driver;

namespace Involute.Gpu.Tests.Driver;

/// <summary>
/// A CPU in the place of a card for one test alone: the library is loaded a second time, from a copy, and told how to fail.
/// </summary>
internal sealed unsafe class OtherDevice : IDisposable
{
    private readonly string _copy = Path.Combine(Path.GetTempPath(), $"involute-cpu-device-{Guid.NewGuid():N}.so");

    public OtherDevice(string faults)
    {
        CpuDevice.OrSkip();
        File.Copy(DriverLibrary.CpuPath, _copy);
        var tell = (delegate* unmanaged<byte*, int>)NativeLibrary.GetExport(NativeLibrary.Load(_copy), "involuteCpuDeviceFaults");
        fixed (byte* text = Encoding.ASCII.GetBytes(faults + '\0'))
            _ = tell(text);
    }

    /// <summary>Opens it.</summary>
    public Device Open(int ordinal = 0) => Device.Open("cpu", DriverLibrary.Load(_copy, "cpu"), ordinal);

    public void Dispose() => File.Delete(_copy);
}
