namespace Involute.Host.Tests.Repository;

/// <summary>
/// The rule that the folders of a project use each other downwards only, and its <c>layers.txt</c>: folders from top to
/// bottom, one a line; <c>#</c> begins a comment.
/// </summary>
/// <remarks>
/// A file uses a folder if it has a using line for the folder's namespace, or names one of its types where the
/// namespace encloses the file's own and needs no using line.
/// </remarks>
internal static class FolderLayers
{
    public const string FileName = "layers.txt";

    /// <summary>The folders that a layers file lists.</summary>
    public static IReadOnlyList<string> Read(IEnumerable<string> lines) =>
        [.. lines.Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0)];

    /// <summary>What is wrong, a line each: folders that are not listed or not there, and every use upwards.</summary>
    public static IReadOnlyList<string> Problems(IReadOnlyList<string> layers, IReadOnlyCollection<SourceFile> files)
    {
        var folders = files.Select(file => file.Folder).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. folders.Except(layers).Order(StringComparer.Ordinal).Select(folder => $"{folder} is not in {FileName}"),
            .. layers.Except(folders).Select(layer => $"{layer} is in {FileName} and holds no file"),
            .. layers.GroupBy(layer => layer).Where(same => same.Count() > 1).Select(
                same => $"{same.Key} is listed twice"),
            .. Uses(files).Where(use => Depth(layers, use.Folder) < Depth(layers, use.File.Folder))
                .Select(use => $"{use.File.Name} uses {use.Folder}, which is above it ({use.Why})"),
        ];
    }

    private static int Depth(IReadOnlyList<string> layers, string folder)
    {
        var depth = layers.ToList().IndexOf(folder);
        return depth < 0 ? int.MaxValue : depth;
    }

    private static IEnumerable<(SourceFile File, string Folder, string Why)> Uses(IReadOnlyCollection<SourceFile> files)
    {
        var folderOf = files.GroupBy(file => file.Namespace).ToDictionary(
            same => same.Key, same => same.First().Folder);
        var typesOf = files.GroupBy(file => file.Namespace)
            .ToDictionary(
                same => same.Key, same => same.SelectMany(file => file.Types).ToHashSet(StringComparer.Ordinal));
        foreach (var file in files)
        {
            foreach (var used in file.Usings.Select(used => typesOf.ContainsKey(used) ? used : Outer(used)).Distinct())
            {
                if (used.Length > 0 && folderOf.TryGetValue(used, out var folder) && folder != file.Folder)
                {
                    yield return (file, folder, $"using {used}");
                }
            }

            for (var outer = Outer(file.Namespace); outer.Length > 0; outer = Outer(outer))
            {
                var word = typesOf.TryGetValue(outer, out var types)
                    ? types.Except(typesOf[file.Namespace]).FirstOrDefault(file.Words.Contains)
                    : null;
                if (word is not null)
                {
                    yield return (file, folderOf[outer], word);
                }
            }
        }
    }

    private static string Outer(string name) => name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : "";
}
