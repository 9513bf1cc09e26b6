using System.Runtime.InteropServices;
using Involute.Torch.Native;

namespace Involute.Torch.Scripts;

/// <summary>Has libtorch's interpreter of TorchScript compute what the file says, operation by operation.</summary>
/// <remarks>
/// By itself it watches the first calls, and then runs another program in which it has joined operations: the same
/// model would round differently in its first calls and in later ones, and a resumed run would differ from one that went
/// through. The setting belongs to a thread.
/// </remarks>
internal static unsafe class ScriptInterpreter
{
    // void torch::jit::setGraphExecutorOptimize(bool)
    private const string Function = "_ZN5torch3jit24setGraphExecutorOptimizeEb";

    private static readonly Lazy<nint> Setter = new(Find);

    [ThreadStatic]
    private static bool _isPlain;

    /// <summary>Sets it for this thread. Cheap when it is set already. Loads libtorch.</summary>
    /// <exception cref="TorchUnavailableException">This libtorch does not let it be set.</exception>
    public static void BePlain()
    {
        if (!_isPlain)
        {
            ((delegate* unmanaged<byte, void>)Setter.Value)(0);
            _isPlain = true;
        }
    }

    private static nint Find()
    {
        TorchRuntime.Ensure();
        return NativeLibrary.TryGetExport(TorchLibraries.TorchCpu, Function, out var setter)
            ? setter
            : throw new TorchUnavailableException(
                "this libtorch does not let its interpreter of TorchScript be kept from rewriting programs, which a run that can "
                    + "be repeated needs; torch-script is for Linux and macOS");
    }
}
