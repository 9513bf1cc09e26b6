using Involute.Host.Watching;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Watching;

public sealed class DashboardTokenTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_page_goes_on_with_the_token_of_before_which_nobody_else_can_read()
    {
        var path = Path.Combine(_folder.Path, "share", "involute", "dashboard-token");
        var token = DashboardToken.Of(path);

        Assert.Equal(32, token.Length);
        Assert.Equal(token, DashboardToken.Of(path));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            Assert.NotEqual(token, DashboardToken.Of(path));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    public void What_is_no_token_is_replaced(string text)
    {
        var path = _folder.File("dashboard-token");
        File.WriteAllText(path, text);

        Assert.Matches("^[0-9a-f]{32}$", DashboardToken.Of(path));
        Assert.Equal(DashboardToken.Of(path), DashboardToken.Of(path));
    }

    // A service may have no home, or one that cannot be written.
    [Fact]
    public void Without_a_place_for_a_file_each_process_has_its_own()
    {
        File.WriteAllText(_folder.File("file"), "");
        var path = Path.Combine(_folder.File("file"), "dashboard-token");

        Assert.NotEqual(DashboardToken.Of(path), DashboardToken.Of(path));
        Assert.NotEqual(DashboardToken.Of("involute/dashboard-token"), DashboardToken.Of("involute/dashboard-token"));
    }
}
