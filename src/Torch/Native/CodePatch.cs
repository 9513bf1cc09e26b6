using System.Buffers.Binary;
using System.Runtime.Versioning;

namespace Involute.Torch.Native;

/// <summary>Makes a native function of this process jump elsewhere. Linux on x64.</summary>
internal static unsafe class CodePatch
{
    private const int Read = 1; // PROT_READ
    private const int Write = 2; // PROT_WRITE
    private const int Execute = 4; // PROT_EXEC

    /// <summary>Writes a jump over the first 12 bytes of a function that no thread executes meanwhile.</summary>
    /// <param name="function">Its address; the function has at least 12 bytes.</param>
    /// <param name="target">Where it goes on.</param>
    /// <returns>False, and nothing has changed, where the system forbids it.</returns>
    [SupportedOSPlatform("linux")]
    public static bool TryJump(nint function, nint target)
    {
        // mov rax, target; jmp rax
        Span<byte> jump = [0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xE0];
        BinaryPrimitives.WriteInt64LittleEndian(jump[2..], target);

        var page = (nint)Environment.SystemPageSize;
        var first = function & ~(page - 1);
        var length = (nuint)(((function + jump.Length - 1) | (page - 1)) + 1 - first);
        if (Libc.Protect(first, length, Read | Write) != 0)
        {
            return false;
        }

        jump.CopyTo(new Span<byte>((void*)function, jump.Length));
        return Libc.Protect(first, length, Read | Execute) == 0
            ? true
            : throw new TorchUnavailableException("the shim's code was changed and cannot be made executable again");
    }
}
