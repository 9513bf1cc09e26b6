using System.Runtime.InteropServices;

namespace Involute.Torch.Native;

/// <summary>Keeps a number that TorchSharp has freed for a while: a native call may still be reading it.</summary>
/// <remarks>
/// <para>
/// In <c>a + b</c> and <c>a.mul(3f)</c> TorchSharp wraps a number in an object, and passes its native half on without
/// keeping the
/// object alive. A garbage collection on another thread may then free the native half before the call has read it
/// (<c>Expected false to be true … Scalar.h</c>, or a crash).
/// </para>
/// <para>
/// The cure needs no compiler and no file: the shim's function that frees a number is made to jump here. A number is
/// freed when at least two garbage collections have passed and <see cref="Least"/> later ones wait: native calls read
/// their numbers before they compute, within microseconds.
/// </para>
/// </remarks>
internal static unsafe class ScalarQuarantine
{
    /// <summary>How many freed numbers wait at least.</summary>
    public const int Least = 1 << 16;

    private const string Function = "THSTorch_dispose_scalar";
    private const nuint ScalarLength = 32;
    private const int Collections = 2;

    // "test rdi, rdi; je": what the function begins with in the only version of TorchSharp that this was made for.
    private static ReadOnlySpan<byte> Beginning => [0x48, 0x85, 0xFF, 0x74];

    private static readonly Lock Gate = new();
    private static readonly Queue<(nint Scalar, int Collection)> Waiting = new();
    private static delegate* unmanaged<nint, nuint, void> _delete;

    /// <summary>How many have been freed by TorchSharp so far.</summary>
    public static long Count { get; private set; }

    /// <summary>How many wait to be freed.</summary>
    public static int Kept
    {
        get
        {
            lock (Gate)
            {
                return Waiting.Count;
            }
        }
    }

    /// <summary>Makes the shim's function jump here, before anything of TorchSharp is called.</summary>
    /// <param name="shim">Handle of the loaded shim.</param>
    /// <returns>Whether it was done: on Linux on x64, unless the system forbids to change code.</returns>
    public static bool TryInstall(nint shim)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return false;
        }

        var function = NativeLibrary.GetExport(shim, Function);
        if (!new ReadOnlySpan<byte>((void*)function, Beginning.Length).SequenceEqual(Beginning))
        {
            return false;
        }

        // What the shim's own function calls at its end; a number owns nothing else.
        _delete = (delegate* unmanaged<nint, nuint, void>)NativeLibrary.GetExport(
            NativeLibrary.Load(SymbolVersioning.CppLibrary), "_ZdlPvm");
        return CodePatch.TryJump(function, (nint)(delegate* unmanaged<nint, void>)&Keep);
    }

    [UnmanagedCallersOnly]
    private static void Keep(nint scalar)
    {
        if (scalar == 0)
        {
            return;
        }

        var collection = GC.CollectionCount(0);
        lock (Gate)
        {
            Count++;
            Waiting.Enqueue((scalar, collection));
            while (Waiting.Count > Least && collection - Waiting.Peek().Collection >= Collections)
            {
                _delete(Waiting.Dequeue().Scalar, ScalarLength);
            }
        }
    }
}
