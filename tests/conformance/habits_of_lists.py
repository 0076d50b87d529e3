"""Habits of servers that make a list look whole, or empty."""

from front import Front, Pages


class TotalOfPage(Pages):
    name = "a total that counts the page"
    ends = "told"

    def cut(self, users, start, count):
        page = super().cut(users, start, count)
        return {**page, "totalResults": len(page["Resources"])}


class TotalOfCappedPage(TotalOfPage):
    """Nothing tells that the page is full."""

    name = "a total that counts the page, which is cut without a word"
    declared = 1000
    ends = "either"


class StartIgnored(Pages):
    name = "startIndex is ignored"
    ends = "either"

    def cut(self, users, start, count):
        return super().cut(users, 1, count)


class CappedPages(Pages):
    name = "pages are cut without a word"
    page = 7
    declared = 1000


class FirstTerm(Pages):
    name = "a filter reads its first term only"

    def config(self, document):
        document["filter"] = {"supported": True, "maxResults": self.declared}

    def arguments(self):
        return [it for address in self.own for it in ("--only", address)]

    def terms(self, text):
        return super().terms(text)[:1]


class BareList(Front):
    name = "a list without the extension, which a mailbox alone has"
    ends = "told"

    def listed(self, request):
        answer = super().listed(request)
        for user in (answer.document or {}).get("Resources") or []:
            self.portal.take_archive(user)
        return answer


HABITS = (TotalOfPage, TotalOfCappedPage, StartIgnored, CappedPages, FirstTerm, BareList)
