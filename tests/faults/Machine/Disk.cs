using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Involute.Faults.Machine;

/// <summary>A small file system of one scenario, which can be full, and can lose its power. Needs root (mount).</summary>
internal sealed partial class Disk : IDisposable
{
    // Of linux/ext4.h: end the file system at once, and write nothing any more, not even the journal.
    private const nuint Shutdown = 0x8004587D;
    private const uint NoLogFlush = 2;

    private const int ChunkBytes = 4096;
    private const int UnmountAttempts = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly Lazy<string?> Lacking = new(Try);

    private readonly string? _image;

    private Disk(string path, string? image) => (Path, _image) = (path, image);

    /// <summary>The folder at which it is mounted.</summary>
    public string Path { get; }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Why there can be none here; null if there can.</summary>
    public static string? Lack() => Lacking.Value;

    /// <summary>One in memory.</summary>
    public static Disk InMemory(string path, int mebibytes)
    {
        Directory.CreateDirectory(path);
        Tool.Require("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "involute-faults", path);
        return new Disk(path, image: null);
    }

    /// <summary>
    /// One with ext4 in a file: what the system has not written to that file, a power cut loses.
    /// </summary>
    public static Disk InFile(string path, int mebibytes)
    {
        Directory.CreateDirectory(path);
        var image = path + ".ext4";
        using (var file = File.Create(image))
        {
            file.SetLength((long)mebibytes << 20);
        }

        Tool.Require("mkfs.ext4", "-q", image);
        var disk = new Disk(path, image);
        disk.Mount();
        return disk;
    }

    /// <summary>Takes all the space that is left.</summary>
    public void Fill()
    {
        var zeros = new byte[ChunkBytes];
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                file.Write(zeros);
            }
        }
        catch (IOException)
        {
            // That is what it is for.
            return;
        }
    }

    /// <summary>Gives the space back.</summary>
    public void Free() => File.Delete(Ballast);

    /// <summary>
    /// What a power cut leaves: everything that was synced, and of the rest what the system happened to have written. From
    /// now on each access fails.
    /// </summary>
    public void CutPower()
    {
        var folder = open(Path, 0);
        var (flags, failed) = (NoLogFlush, folder < 0);
        failed = failed || ioctl(folder, Shutdown, ref flags) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = folder < 0 ? 0 : close(folder);
        if (failed)
        {
            throw new Win32Exception(error);
        }
    }

    /// <summary>The power is back: mounts it anew, as a machine does that starts. Its files must be closed.</summary>
    public async Task RestartAsync(CancellationToken cancellation)
    {
        await UnmountAsync(cancellation);
        Mount();
    }

    public void Dispose()
    {
        UnmountAsync(CancellationToken.None).GetAwaiter().GetResult();
        Directory.Delete(Path);
        if (_image is not null)
        {
            File.Delete(_image);
        }
    }

    private void Mount() => Tool.Require("mount", "-o", "loop", _image!, Path);

    // A process that was killed keeps its files for a moment.
    private async Task UnmountAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; Tool.Failure("umount", Path) is { } failure; attempt++)
        {
            Lab.Require(attempt < UnmountAttempts, failure);
            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }
    }

    private static string? Try()
    {
        var folder = Directory.CreateTempSubdirectory("involute-faults-disk-").FullName;
        try
        {
            InMemory(System.IO.Path.Combine(folder, "memory"), 1).Dispose();
            InFile(System.IO.Path.Combine(folder, "file"), 8).Dispose();
            return null;
        }
        catch (FaultException failure)
        {
            return $"no small file systems: {failure.Message}";
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

#pragma warning disable IDE1006 // The names are the system's.
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int file, nuint request, ref uint argument);
#pragma warning restore IDE1006
}
