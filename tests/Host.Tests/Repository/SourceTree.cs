namespace Involute.Host.Tests.Repository;

/// <summary>The checkout that these tests were built from.</summary>
internal static class SourceTree
{
    private static readonly string[] NotOurs = [".git", "bin", "obj", "artifacts", "TestResults", "runs", "reproduce"];

    public static string Root { get; } = FindRoot();

    /// <summary>Files below a folder of the checkout, without build outputs and runs.</summary>
    public static IEnumerable<string> Files(string folder, string pattern)
    {
        foreach (var file in Directory.EnumerateFiles(folder, pattern))
        {
            yield return file;
        }

        foreach (var inner in Directory.EnumerateDirectories(folder).Where(IsOurs))
        {
            foreach (var file in Files(inner, pattern))
            {
                yield return file;
            }
        }
    }

    /// <summary>A path as messages and documents write it.</summary>
    public static string Name(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static bool IsOurs(string folder) => !NotOurs.Contains(Path.GetFileName(folder));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Actors.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new DirectoryNotFoundException("no Actors.sln above the tests");
        }

        return folder;
    }
}
