using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Involute.Runs.Folders;

/// <summary>Devices, pipes and sockets: a file that is renamed over one takes its place, for all programs.</summary>
internal static partial class SpecialFile
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint Type = 1; // STATX_TYPE
    private const int StatxLength = 256;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int Plain = 0x8000;
    private const int Folder = 0x4000;

    /// <summary>Throws if there is one at a path, or a link to one. Only Linux is asked.</summary>
    /// <exception cref="IOException">There is.</exception>
    public static void Refuse(string path)
    {
        // statx, unlike stat, has one layout on every processor.
        Span<byte> answer = stackalloc byte[StatxLength];
        if (!OperatingSystem.IsLinux() || Statx(CurrentFolder, path, 0, Type, answer) != 0)
        {
            return;
        }

        // The rename itself refuses a folder.
        if ((BinaryPrimitives.ReadUInt16LittleEndian(answer[ModeOffset..]) & TypeMask) is not (Plain or Folder))
        {
            throw new IOException(
                $"cannot write {path}: it is a device, a pipe or a socket; allowed: a new file, or one to replace");
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> answer);
}
