using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Involute.Torch.Native;

/// <summary>What .NET has no call for.</summary>
internal static unsafe partial class Libc
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint TypeModeAndOwner = 0x1 | 0x2 | 0x8; // STATX_TYPE, STATX_MODE, STATX_UID
    private const int StatxLength = 256;
    private const int OwnerOffset = 20;
    private const int ModeOffset = 28;

    /// <summary>The user that this process acts as.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    /// <summary>Sets a variable of the native environment.</summary>
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetEnvironment(string name, string value, int overwrite);

    /// <summary>Sets how whole pages of memory may be used.</summary>
    [LibraryImport("libc", EntryPoint = "mprotect")]
    public static partial int Protect(nint first, nuint length, int use);

    /// <summary>Sets a limit of the memory allocator. Only glibc has it.</summary>
    [LibraryImport("libc", EntryPoint = "mallopt")]
    public static partial int SetAllocator(int limit, int value);

    /// <summary>What the memory allocator holds. Only glibc 2.33 and later have it.</summary>
    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    public static partial MallocInfo MemoryInfo();

    /// <summary>The path without symbolic links. Linux only.</summary>
    /// <exception cref="IOException">It does not exist, or a folder of it cannot be entered.</exception>
    public static string RealPath(string path)
    {
        var resolved = ResolvePath(path, null);
        if (resolved is null)
        {
            throw Failure(path);
        }

        try
        {
            return Marshal.PtrToStringUTF8((nint)resolved)!;
        }
        finally
        {
            NativeMemory.Free(resolved);
        }
    }

    /// <summary>Owner, type and permissions of a path; of a link itself, not of its target. Linux only.</summary>
    /// <exception cref="IOException">It does not exist, or a folder of it cannot be entered.</exception>
    public static FileOwnership Ownership(string path)
    {
        // statx, unlike stat, has one layout on every processor.
        Span<byte> answer = stackalloc byte[StatxLength];
        fixed (byte* pointer = answer)
        {
            if (Statx(CurrentFolder, path, NoFollow, TypeModeAndOwner, pointer) != 0)
            {
                throw Failure(path);
            }
        }

        return new FileOwnership(
            BinaryPrimitives.ReadUInt32LittleEndian(answer[OwnerOffset..]),
            BinaryPrimitives.ReadUInt16LittleEndian(answer[ModeOffset..]));
    }

    private static IOException Failure(string path) =>
        new($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial void* ResolvePath(string path, void* buffer);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* answer);
}

/// <summary>Who may do what with a file.</summary>
/// <param name="Owner">User id.</param>
/// <param name="Mode">Type and permission bits, as stat gives them.</param>
internal readonly record struct FileOwnership(uint Owner, ushort Mode)
{
    private const int TypeMask = 0xF000;

    /// <summary>A folder, not a link to one.</summary>
    public bool IsFolder => (Mode & TypeMask) == 0x4000;

    /// <summary>A plain file, not a link to one.</summary>
    public bool IsPlainFile => (Mode & TypeMask) == 0x8000;

    /// <summary>The permission bits.</summary>
    public UnixFileMode Permissions => (UnixFileMode)(Mode & 0xFFF);
}
