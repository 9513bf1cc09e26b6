using System.Runtime.Versioning;

namespace Involute.Torch.Native;

/// <summary>A folder into which only this user can put a file. Linux only.</summary>
/// <remarks>What is loaded from it runs with this user's rights, so a doubt about the folder is an error.</remarks>
[SupportedOSPlatform("linux")]
internal sealed class PrivateFolder
{
    private const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OnlyOwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private PrivateFolder(string path) => Path = path;

    /// <summary>Without symbolic links.</summary>
    public string Path { get; }

    /// <summary>The cache folder of this user: <c>$XDG_CACHE_HOME/involute</c>, or <c>~/.cache/involute</c>.</summary>
    /// <remarks>XDG base directory specification 0.8: a relative path in the variable is to be ignored.</remarks>
    public static PrivateFolder OfUser()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (cache is null || !System.IO.Path.IsPathRooted(cache))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            cache = System.IO.Path.IsPathRooted(home)
                ? System.IO.Path.Combine(home, ".cache")
                : throw new TorchUnavailableException("this user has no home folder for a cache; set XDG_CACHE_HOME");
        }

        return Open(System.IO.Path.Combine(cache, "involute"));
    }

    /// <summary>Creates the folder if it is missing, and checks it.</summary>
    /// <exception cref="TorchUnavailableException">It cannot be made, or others may write to it or above.</exception>
    public static PrivateFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path, OnlyOwner);
            var ownership = Libc.Ownership(path);
            if (!ownership.IsFolder || ownership.Owner != Libc.EffectiveUser() || ownership.Permissions != OnlyOwner)
            {
                throw new TorchUnavailableException(
                    $"{path} must be a folder of this user with mode 0700, not a link; " +
                    "remove it, or set XDG_CACHE_HOME");
            }

            var real = Libc.RealPath(path);
            CheckAbove(real);
            return new PrivateFolder(real);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new TorchUnavailableException(
                $"the cache folder {path} cannot be used: {problem.Message}; set XDG_CACHE_HOME to another", problem);
        }
    }

    /// <summary>Path of a file with exactly these bytes, written if it is missing or different.</summary>
    public string Keep(string name, byte[] content)
    {
        var path = System.IO.Path.Combine(Path, name);
        if (Holds(path, content))
        {
            return path;
        }

        // Another process may be doing the same: the last to rename wins, with the same bytes.
        var part = $"{path}.{Guid.NewGuid():N}";
        try
        {
            using (var file = new FileStream(part, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OnlyOwnerFile,
            }))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(part, path, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            File.Delete(part);
            throw new TorchUnavailableException($"{path} cannot be written: {problem.Message}", problem);
        }

        return Holds(path, content)
            ? path
            : throw new TorchUnavailableException($"{path} does not hold what was written to it; check the disk");
    }

    private static bool Holds(string path, byte[] content)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        var ownership = Libc.Ownership(path);
        return ownership.IsPlainFile
            && ownership.Owner == Libc.EffectiveUser()
            && (ownership.Permissions & ~OnlyOwner) == 0
            && File.ReadAllBytes(path).AsSpan().SequenceEqual(content);
    }

    // Who may write to a folder above may replace ours, unless the sticky bit keeps that to owners (as in /tmp).
    private static void CheckAbove(string path)
    {
        for (var above = Directory.GetParent(path); above is not null; above = above.Parent)
        {
            var permissions = Libc.Ownership(above.FullName).Permissions;
            if (permissions.HasFlag(UnixFileMode.OtherWrite) && !permissions.HasFlag(UnixFileMode.StickyBit))
            {
                throw new TorchUnavailableException(
                    $"anybody may replace {path}, because {above.FullName} is writable by all; set XDG_CACHE_HOME");
            }
        }
    }
}
