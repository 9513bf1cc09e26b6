namespace Involute.Runs.Configuration;

/// <summary>Finds the word that was probably meant.</summary>
internal static class Spelling
{
    // Longer words are not typing mistakes of ours, and the distance takes quadratic time.
    private const int LongestWord = 64;

    /// <summary>" (did you mean 'x'?)" for the nearest word, or nothing if none is near.</summary>
    public static string Suggest(string? word, IEnumerable<string> known)
    {
        if (word is null || word.Length > LongestWord)
        {
            return "";
        }

        var lower = word.ToLowerInvariant();
        var nearest = known.MinBy(candidate => Distance(lower, candidate.ToLowerInvariant()));
        return nearest is not null && Distance(lower, nearest.ToLowerInvariant()) <= Math.Max(2, nearest.Length / 3)
            ? $" (did you mean {Excerpt.Quote(nearest)}?)"
            : "";
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that turn one word into another.</summary>
    /// <remarks>Optimal string alignment: a letter takes part in at most one swap.</remarks>
    public static int Distance(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0 ? i + j : Math.Min(
                    Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1,
                    cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[a.Length, b.Length];
    }
}
