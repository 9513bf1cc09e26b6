using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Involute.Torch.Native;

/// <summary>What libtorch and the libraries in it choose their routines by: its version and the type of the processor.</summary>
internal static unsafe class ProcessorRoutines
{
    // A std::string of libstdc++: pointer, length, and 16 bytes within it for short texts.
    private const int StringWords = 4;

    /// <summary>For instance "libtorch 2.10.0 AVX512, AuthenticAMD family 25 model 17".</summary>
    /// <param name="version">Of the loaded libtorch.</param>
    public static string Describe(Version version) =>
        $"libtorch {version}{(Capability() is { } chosen ? $" {chosen}" : "")}, {Processor()}";

    // The instructions that libtorch's own routines are compiled for here: by the processor, or ATEN_CPU_CAPABILITY.
    private static string? Capability()
    {
        if (NativePlatform.Current?.Name != "linux-x64"
            || !NativeLibrary.TryGetExport(
                TorchLibraries.TorchCpu, "_ZN2at18get_cpu_capabilityB5cxx11Ev", out var function))
        {
            return null;
        }

        var text = stackalloc nint[StringWords];
        ((delegate* unmanaged<nint*, void>)function)(text);
        var capability = Encoding.ASCII.GetString((byte*)text[0], (int)text[1]);

        // A text that is short enough lies within the string itself, and nothing is to be freed.
        if (text[0] != (nint)(text + 2))
        {
            NativeMemory.Free((void*)text[0]);
        }

        return capability;
    }

    // oneDNN and MKL, which do products and convolutions, look at vendor, family and model.
    private static string Processor()
    {
        if (!X86Base.IsSupported)
        {
            return $"{RuntimeInformation.ProcessArchitecture}";
        }

        var (_, b, c, d) = X86Base.CpuId(0, 0);
        ReadOnlySpan<int> letters = [b, d, c];
        var vendor = Encoding.ASCII.GetString(MemoryMarshal.AsBytes(letters)).Trim('\0', ' ');
        var signature = X86Base.CpuId(1, 0).Eax;
        var family = (signature >> 8) & 0xF;
        var model = (signature >> 4) & 0xF;
        var isExtended = family is 6 or 15;
        return $"{vendor} family {family + (family == 15 ? (signature >> 20) & 0xFF : 0)} model "
            + $"{model + (isExtended ? ((signature >> 16) & 0xF) << 4 : 0)}";
    }
}
