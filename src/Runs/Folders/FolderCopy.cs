namespace Involute.Runs.Folders;

/// <summary>Copies the files of a run's folder that are not those of its store or of its processes.</summary>
internal static class FolderCopy
{
    private static readonly string[] Left = ["lock", "lock.holder", "nodes.json"];

    // What a run is, and not for people only: on the disk before the copy counts.
    private static readonly string[] Needed = ["config.conf", "ledger.json", "origin.json"];

    /// <summary>Copies into a folder that is there.</summary>
    public static void Copy(string from, string to)
    {
        foreach (var entry in new DirectoryInfo(from).EnumerateFileSystemInfos())
        {
            var target = Path.Combine(to, entry.Name);
            if (entry is DirectoryInfo)
            {
                if (entry.Name[0] != '.')
                {
                    Directory.CreateDirectory(target);
                    Copy(entry.FullName, target);
                }
            }
            else if (Needed.Contains(entry.Name))
            {
                AtomicFile.Write(target, File.ReadAllBytes(entry.FullName));
            }
            else if (!Left.Contains(entry.Name) && !entry.Name.StartsWith("run.db", StringComparison.Ordinal))
            {
                File.Copy(entry.FullName, target);
            }
        }
    }
}
