using System.Globalization;

namespace Involute.Faults.Machine;

/// <summary>The processes of a problem's own program, found by the file that they run.</summary>
/// <param name="program">The file.</param>
internal sealed class ChildPrograms(string program)
{
    /// <summary>All that run, with the process that started each (another one when that has gone).</summary>
    public IReadOnlyList<(int Id, int Parent)> All() =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Select(Read).OfType<(int, int)>()];

    // A process may end at any moment while it is looked at.
    private (int, int)? Read(string? name)
    {
        try
        {
            return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && new FileInfo($"/proc/{id}/exe").LinkTarget == program
                    ? (id, Parent(File.ReadAllText($"/proc/{id}/stat")))
                    : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // The name in parentheses may hold spaces; behind it come the state and the parent.
    private static int Parent(string stat) =>
        int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
