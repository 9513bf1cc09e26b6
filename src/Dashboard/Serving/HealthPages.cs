using Microsoft.AspNetCore.Http;

namespace Involute.Dashboard.Serving;

/// <summary>Whether a process is fit for its work.</summary>
/// <param name="IsReady">Whether it is.</param>
/// <param name="Line">How it stands, or why not.</param>
internal sealed record Fitness(bool IsReady, string Line)
{
    /// <summary>It is.</summary>
    public static Fitness Ready(string line) => new(true, line);

    /// <summary>It is not.</summary>
    public static Fitness NotReady(string reason) => new(false, reason);
}

/// <summary><c>/healthz/live</c> and <c>/healthz/ready</c>, as supervisors ask for them.</summary>
internal static class HealthPages
{
    /// <summary>The pages.</summary>
    /// <param name="ready">Asked at each request.</param>
    public static IReadOnlyList<WebPage> Of(Func<CancellationToken, Task<Fitness>> ready) =>
    [
        WebPage.Get("/healthz/live", context => WebServer.SayAsync(context, StatusCodes.Status200OK, "alive")),
        WebPage.Get("/healthz/ready", async context =>
        {
            var fitness = await ready(context.RequestAborted).ConfigureAwait(false);
            await (fitness.IsReady
                ? WebServer.SayAsync(context, StatusCodes.Status200OK, $"ready: {fitness.Line}")
                : WebServer.SayAsync(context, StatusCodes.Status503ServiceUnavailable, $"not ready: {fitness.Line}"))
                .ConfigureAwait(false);
        }),
    ];
}
