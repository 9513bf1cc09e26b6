using System.Globalization;
using Involute.Host.Errors;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;

namespace Involute.Host.Evaluation;

/// <summary>Names of a run's evaluations: each has files of its own, which no other evaluation overwrites.</summary>
internal static class EvaluationName
{
    /// <summary>Throws if a name that a user wants cannot be used, or is taken.</summary>
    public static void Require(RunFolder folder, string? name)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (name is null)
        {
            return;
        }

        if (!RunName.IsValid(name))
        {
            throw new CommandException(
                ExitCode.Configuration, $"--name: {Excerpt.Quote(name)} is not a name; allowed: {RunName.Allowed}");
        }

        if (Path.Exists(FileOf(folder, name)))
        {
            throw new CommandException(
                ExitCode.Configuration, $"--name: run {folder.RunId} has an evaluation {name} already; allowed: another name");
        }
    }

    /// <summary>The file of an evaluation.</summary>
    public static string FileOf(RunFolder folder, string name)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Path.Combine(folder.Evaluations, $"{name}.json");
    }

    /// <summary>
    /// A name made of the outer step and of what theta was evaluated on: the first that is free, or that of an evaluation with
    /// the same numbers.
    /// </summary>
    public static string Find(RunFolder folder, long outerStep, string? on, string content)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var stem = string.Create(CultureInfo.InvariantCulture, $"step-{outerStep}{(on is null ? "" : $"-{on}")}");
        stem = string.Concat(stem.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_'));
        stem = stem[..Math.Min(stem.Length, RunName.MaxLength - 8)];
        for (var number = 1; ; number++)
        {
            var name = number == 1 ? stem : string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}");
            var file = FileOf(folder, name);
            if (!Path.Exists(file) || (File.Exists(file) && File.ReadAllText(file) == content))
            {
                return name;
            }
        }
    }
}
