namespace Involute.Processes.Children;

/// <summary>A program with its arguments, and the folder in which it runs.</summary>
/// <param name="words">The program and its arguments, at least one.</param>
/// <param name="folder">Absolute path.</param>
internal sealed class ChildCommand(IReadOnlyList<string> words, string folder)
{
    private const int LongestShown = 160;
    private const int LongestPathShown = 60;
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>What the program is given.</summary>
    public IEnumerable<string> Arguments => words.Skip(1);

    /// <summary>The folder in which it runs.</summary>
    public string Folder => folder;

    /// <summary>As the user wrote it, cut where it is long: a path at its beginning, the whole at its end.</summary>
    public override string ToString() => OneLine.Of(string.Join(' ', words.Select(Shown)), LongestShown);

    /// <summary>Why there is no such program, in words; null if there is one.</summary>
    public string? Problem => Found().Problem;

    /// <summary>Finds the program.</summary>
    /// <returns>Its absolute path; on Windows the word itself where it is no path.</returns>
    /// <exception cref="ProcessException">The folder or the program is not there, or is no program.</exception>
    public string Locate()
    {
        var (path, problem) = Found();
        return problem is null ? path : throw new ProcessException($"{this}: {problem}");
    }

    private (string Path, string? Problem) Found()
    {
        if (!Directory.Exists(folder))
        {
            return ("", $"there is no folder {folder} (involute.task.folder)");
        }

        var word = words[0];
        if (!word.Contains(Path.DirectorySeparatorChar) && !word.Contains(Path.AltDirectorySeparatorChar))
        {
            return InPath(word) is { } found ? (found, null)
                : OperatingSystem.IsWindows() ? (word, null)
                : ("", $"there is no program {word} in PATH");
        }

        var path = Path.GetFullPath(word, folder);
        return (path,
            Directory.Exists(path) ? $"{path} is a folder, not a program"
            : !File.Exists(path) ? $"there is no program {path}"
            : !IsExecutable(path) ? $"{path} is not executable"
            : null);
    }

    /// <summary>The absolute path of a program in PATH; null if there is none.</summary>
    public static string? InPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Where(Path.IsPathFullyQualified)
        .Select(place => Path.Combine(place, name))
        .FirstOrDefault(path => File.Exists(path) && IsExecutable(path));

    private static string Shown(string word) =>
        word.Length == 0 || word.Any(char.IsWhiteSpace) ? $"'{word}'"
        : word.Length > LongestPathShown && Path.IsPathRooted(word) ? $"…{word[^(LongestPathShown - 1)..]}"
        : word;

    private static bool IsExecutable(string path) =>
        OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0;
}
