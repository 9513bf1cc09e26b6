using Involute.Runs.Configuration;
using Xunit;
using CommandLineOfHost = Involute.Host.Commands.CommandLine;

namespace Involute.Host.Tests.Configuration;

public sealed class ReferenceFileTests
{
    [Fact]
    public void The_reference_is_what_the_program_says_of_itself()
    {
        _ = CommandLineOfHost.Create();
        Assert.Equal(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "reference.conf")),
            ReferenceText.Write(KnownComponents.BuiltIn));
    }
}
