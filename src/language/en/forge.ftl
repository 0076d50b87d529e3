# A forge (GitHub, GitLab, Forgejo), and the job of it that a command runs in.

# What a status means.
forge-status = { $word ->
    [token] { $forge } does not accept the token ({ $status })
    [forbidden] the token may not do this at { $forge } ({ $status })
    [absent] { $forge } shows the token no such { $forge ->
        [GitLab] merge request
       *[other] pull request
      } ({ $status })
    [redirects] { $forge } redirects to another address ({ $status }), which arkib does not follow, so that the token is sent nowhere else
    [busy] { $forge } takes no more requests for now ({ $status })
    [failed] { $forge } failed ({ $status })
   *[refuses] { $forge } refuses the request ({ $status })
  }
forge-status-help = { $word ->
    [redirects] check { $variable }; a project that was renamed has a new address
    [busy] run the job again later
    [failed] run the job again; if it keeps failing, tell the operator of { $forge }
   *[refuses] if its message does not say what is wrong, show this one to the operator of { $forge }
  }
forge-token-help = { $forge ->
    [GitHub] give the job `permissions: pull-requests: write`, and the step GITHUB_TOKEN from `github.token`; or set ARKIB_COMMENT_TOKEN
    [GitLab] set ARKIB_COMMENT_TOKEN to an access token of the project, with the role Reporter and the scope api; it may have expired
   *[other] give the step GITHUB_TOKEN from `github.token`; or set ARKIB_COMMENT_TOKEN to a token that may read the repository and write issues (read:user, read:repository, write:issue)
  }

# The body of a success.
forge-answer = { $word ->
    [too-long] { $forge } answers with more than arkib reads
    [too-slow] { $forge } needs too long to list the comments
    [web-page] { $forge } answers with a web page
   *[other] { $forge } answers with something else than its API does
  }
forge-answer-help = { $word ->
    [too-long] check { $variable }
    [too-slow] run the job again later, and check { $variable }
    [web-page] check that { $variable } is the address of its API, and that no proxy or login page is before it
   *[other] check that { $variable } is the address of its API
  }

# What the job lacks.
forge-no-token = there is no token to comment with: { $forge ->
    [GitLab] neither ARKIB_COMMENT_TOKEN nor ARKIB_COMMENT_TOKEN_FILE is set
   *[other] neither GITHUB_TOKEN, ARKIB_COMMENT_TOKEN nor ARKIB_COMMENT_TOKEN_FILE is set
  }
forge-no-token-help = { $forge ->
    [GitLab] set ARKIB_COMMENT_TOKEN to an access token of the project, with the role Reporter and the scope api
   *[other] give the step GITHUB_TOKEN from `github.token`
  }
forge-no-job = this is no job of GitHub, GitLab, Forgejo or Gitea: none of GITHUB_ACTIONS, GITLAB_CI, FORGEJO_ACTIONS and GITEA_ACTIONS is set
forge-pull-request-help = run this in a job for a pull request (GitHub, Forgejo, Gitea: `on: pull_request`; GitLab: `{ $rule }`)
forge-no-pull-request = this job is for no pull request: { $why }
forge-no-merge-request = CI_MERGE_REQUEST_IID is no number
forge-event-unread = the file that { $name } names is not the event of a pull request: { $error }
forge-event-none = its event has none
forge-event-no-number = neither GITHUB_REF nor its event has a number
forge-unset = { $name } is not set
forge-unset-help = every job of such a forge has it: hand it on to the container or script that runs arkib
