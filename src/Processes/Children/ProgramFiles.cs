namespace Involute.Processes.Children;

/// <summary>The files that decide what a program computes: all children of a pool run the same content.</summary>
/// <remarks>By length and time of the last change: data may be large, and a child is started while pairs wait.</remarks>
internal sealed class ProgramFiles
{
    private readonly (string Path, long Length, DateTime Written)[] _seen;

    /// <summary>Remembers the files as they are.</summary>
    public ProgramFiles(IEnumerable<string> paths) => _seen = [.. paths.Select(Look)];

    /// <summary>The name of the first one that has changed since; null if none has.</summary>
    public string? Changed() => Array.Find(_seen, seen => Look(seen.Path) != seen).Path is { } path ? Path.GetFileName(path) : null;

    // One that is gone has another length.
    private static (string Path, long Length, DateTime Written) Look(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? (path, file.Length, file.LastWriteTimeUtc) : (path, -1, default);
    }
}
