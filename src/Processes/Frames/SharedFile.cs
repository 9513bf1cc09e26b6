namespace Involute.Processes.Frames;

/// <summary>Where payloads of more than <see cref="FrameHeader.MostInline"/> bytes lie, for both sides to read and write.</summary>
/// <remarks>
/// This side reads and writes by calls and maps nothing: a child that cuts the file, or a full file system, then is an error
/// of one call and not a signal that ends the process. The file is grown by writing zeros, so that its memory is there before
/// the child maps it.
/// </remarks>
internal sealed class SharedFile : IDisposable
{
    private const string Memory = "/dev/shm";

    // A container's /dev/shm has 64 MiB unless it is told otherwise; with less than this left, files go to the temporary folder.
    private const long LeastFree = 32 << 20;
    private const int First = 4096;
    private const int Grain = 1 << 16;
    private static readonly byte[] Zeros = new byte[1 << 20];

    private readonly FileStream _file;
    private bool _isNamed = true;

    private SharedFile(string path, FileStream file) => (Path, _file) = (path, file);

    /// <summary>Its name, as long as it has one.</summary>
    public string Path { get; }

    /// <summary>Its length in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Makes an empty one that other users cannot open.</summary>
    /// <exception cref="IOException">There is no place for it.</exception>
    public static SharedFile Create()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var path = System.IO.Path.Combine(
            Folder(), $"involute-{Environment.ProcessId}-{System.IO.Path.GetRandomFileName()}");
        var made = new SharedFile(path, new FileStream(path, options));
        try
        {
            made.Grow(First);
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>Takes the name away, as soon as the child has opened the file. Where that cannot be, it goes at the end.</summary>
    public void RemoveName()
    {
        if (_isNamed && !OperatingSystem.IsWindows())
        {
            File.Delete(Path);
            _isNamed = false;
        }
    }

    /// <summary>Makes it at least so long; with some room, so that it seldom grows.</summary>
    /// <exception cref="IOException">There is no room.</exception>
    public void Ensure(long length)
    {
        if (length > Length)
        {
            Grow(((length + (length / 4)) | (Grain - 1)) + 1);
        }
    }

    /// <summary>Writes bytes inside of it.</summary>
    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(_file.SafeFileHandle, bytes, offset);

    /// <summary>Reads bytes.</summary>
    /// <returns>Whether the file has as many.</returns>
    public bool TryRead(Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(_file.SafeFileHandle, bytes, offset);
            if (read == 0)
            {
                return false;
            }

            bytes = bytes[read..];
            offset += read;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        RemoveName();
        _file.Dispose();
    }

    // A child may have made it longer, for its greeting: what it wrote there has been read.
    private void Grow(long length)
    {
        for (var at = Length; at < length; at += Zeros.Length)
        {
            Write(Zeros.AsSpan(0, (int)Math.Min(Zeros.Length, length - at)), at);
        }

        Length = length;
    }

    private static string Folder()
    {
        try
        {
            if (Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= LeastFree)
            {
                return Memory;
            }
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            // Then the temporary folder.
        }

        return System.IO.Path.GetTempPath();
    }
}
