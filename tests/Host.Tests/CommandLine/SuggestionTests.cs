using Xunit;
using CommandLineOfHost = Involute.Host.Commands.CommandLine;

namespace Involute.Host.Tests.CommandLine;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("trian", "unknown command 'trian' (did you mean 'train'?); ")]
    [InlineData("Train", "unknown command 'Train' (did you mean 'train'?); ")]
    [InlineData("evla", "unknown command 'evla' (did you mean 'eval'?); ")]
    [InlineData("config shwo", "unknown command 'config shwo' (did you mean 'show'?); ")]
    [InlineData("xyz", "unknown command 'xyz'; ")]
    [InlineData("train --sett involute.seed=1", "'--sett' (did you mean '--set'?); ")]
    [InlineData("train --conifg=a.conf", "'--conifg=a.conf' (did you mean '--config'?); ")]
    [InlineData("train -Dinvolute.seed=1", "'-Dinvolute.seed=1' (did you mean '--set involute.seed=1'?); ")]
    [InlineData("train involute.seed=1", "'involute.seed=1' (did you mean '--set involute.seed=1'?); ")]
    public void A_word_that_is_misspelt_is_answered_with_the_one_that_was_meant(string line, string expected)
    {
        var root = CommandLineOfHost.Create();

        var problem = CommandLineOfHost.Problem(root, root.Parse(line.Split(' ')));

        Assert.NotNull(problem);
        Assert.Equal(2, problem.Code);
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }
}
