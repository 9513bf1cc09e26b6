using System.Globalization;

namespace Involute.Runs.Folders;

/// <summary>Names of runs: each is the name of its folder and the run's id.</summary>
public static class RunName
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>What a name may be, for error messages.</summary>
    public const string Allowed = "1 to 64 letters (a-z, A-Z), digits, '.', '_' and '-', with no '.' in front";

    /// <summary>Whether a name can be used.</summary>
    public static bool IsValid(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= MaxLength && name[0] != '.' && name.All(IsAllowed);
    }

    /// <summary>The name itself.</summary>
    /// <exception cref="IOException">It cannot be used.</exception>
    public static string Require(string name) =>
        IsValid(name) ? name : throw new IOException(Refusal(name));

    /// <summary>The line about a name that cannot be used.</summary>
    internal static string Refusal(string name) => $"'{name}' is not a run name; allowed: {Allowed}";

    /// <summary>
    /// <c>part-part-N</c>, for instance of task, optimizer and estimator, with the first N from 1 that is free in the
    /// folder.
    /// </summary>
    /// <remarks>No clock and no random number: a function of what the folder holds.</remarks>
    public static string Generate(string runsFolder, params IEnumerable<string> parts) =>
        Generate(runsFolder, _ => false, parts);

    /// <summary>The same, with names that are taken elsewhere too.</summary>
    public static string Generate(string runsFolder, Predicate<string> isTaken, IEnumerable<string> parts)
    {
        ArgumentNullException.ThrowIfNull(isTaken);
        var stem = Stem(string.Join('-', parts));
        for (var number = 1; ; number++)
        {
            var suffix = string.Create(CultureInfo.InvariantCulture, $"-{number}");
            var name = stem[..Math.Min(stem.Length, MaxLength - suffix.Length)] + suffix;
            if (!Path.Exists(Path.Combine(runsFolder, name)) && !isTaken(name))
            {
                return name;
            }
        }
    }

    // Names of plugged-in tasks may hold anything.
    private static string Stem(string text)
    {
        var stem = string.Concat(text.Select(c => IsAllowed(c) ? c : '_')).TrimStart('.');
        return stem.Length > 0 ? stem : "run";
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';
}
