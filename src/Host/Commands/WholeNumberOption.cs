using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Involute.Runs.Configuration;

namespace Involute.Host.Commands;

/// <summary>Options that take a whole number within a range.</summary>
internal static class WholeNumberOption
{
    /// <summary>An option without a default.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">The range is appended.</param>
    /// <param name="least">The least number that is allowed.</param>
    /// <param name="most">The greatest.</param>
    /// <param name="helpName">What help calls the number.</param>
    public static Option<T?> Create<T>(string name, string description, T least, T most, string helpName = "N")
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T> => new(name)
        {
            Description = $"{description} {Capital(Allowed(least, most))}.",
            HelpName = helpName,
            CustomParser = result => Parse(name, result, least, most),
        };

    private static T? Parse<T>(string name, ArgumentResult result, T least, T most)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        // Without a token there is nothing to parse, and the number of tokens is the parser's to judge.
        if (result.Tokens is not [{ Value: var text }])
        {
            return null;
        }

        if (T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        var isNumber = BigInteger.TryParse(
            text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
        result.AddError(
            $"{name}: {Excerpt.Quote(text)} is {(isNumber ? "out of range" : "not a whole number")}; allowed: "
            + Allowed(least, most));
        return null;
    }

    private static string Allowed<T>(T least, T most)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T> => most == T.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"at least {least}")
            : string.Create(CultureInfo.InvariantCulture, $"{least} to {most}");

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
